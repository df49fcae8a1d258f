#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "engine.h"

/* Contexts are reused: a message sets its nonce only, and the HMAC starts again from its keyed state. */
struct state {
    EVP_CIPHER_CTX *sealing;
    EVP_CIPHER_CTX *opening;
    EVP_MAC *hmac;
    EVP_MAC_CTX *mac;
};

static const char *about(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}

static void state_close(void *opaque)
{
    struct state *state = opaque;
    if (state == NULL) {
        return;
    }
    EVP_CIPHER_CTX_free(state->sealing);
    EVP_CIPHER_CTX_free(state->opening);
    EVP_MAC_CTX_free(state->mac);
    EVP_MAC_free(state->hmac);
    free(state);
}

static int set_keys(struct state *state, const uint8_t *key, const uint8_t *mac_key)
{
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end() };
    state->sealing = EVP_CIPHER_CTX_new();
    state->opening = EVP_CIPHER_CTX_new();
    state->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    state->mac = state->hmac == NULL ? NULL : EVP_MAC_CTX_new(state->hmac);
    return state->sealing != NULL && state->opening != NULL && state->mac != NULL
        && EVP_EncryptInit_ex(state->sealing, EVP_chacha20_poly1305(), NULL, key, NULL) == 1
        && EVP_DecryptInit_ex(state->opening, EVP_chacha20_poly1305(), NULL, key, NULL) == 1
        && EVP_MAC_init(state->mac, mac_key, KEY_BYTES, params) == 1;
}

static void *state_open(const uint8_t key[KEY_BYTES], const uint8_t mac_key[KEY_BYTES])
{
    struct state *state = calloc(1, sizeof *state);
    if (state != NULL && !set_keys(state, key, mac_key)) {
        state_close(state);
        state = NULL;
    }
    return state;
}

static int seal(void *opaque, uint8_t *sealed, const uint8_t *plaintext, size_t bytes, const uint8_t *ad, size_t ad_bytes,
    const uint8_t nonce[NONCE_BYTES])
{
    const struct state *state = opaque;
    int length;
    int ok = EVP_EncryptInit_ex(state->sealing, NULL, NULL, NULL, nonce) == 1
        && EVP_EncryptUpdate(state->sealing, NULL, &length, ad, (int)ad_bytes) == 1
        && EVP_EncryptUpdate(state->sealing, sealed, &length, plaintext, (int)bytes) == 1
        && EVP_EncryptFinal_ex(state->sealing, sealed + bytes, &length) == 1
        && EVP_CIPHER_CTX_ctrl(state->sealing, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, sealed + bytes) == 1;
    return ok ? 0 : -1;
}

static int unseal(void *opaque, uint8_t *plaintext, const uint8_t *sealed, size_t bytes, const uint8_t *ad, size_t ad_bytes,
    const uint8_t nonce[NONCE_BYTES])
{
    const struct state *state = opaque;
    uint8_t tag[TAG_BYTES];
    int length;
    memcpy(tag, sealed + bytes, TAG_BYTES);
    int ok = EVP_DecryptInit_ex(state->opening, NULL, NULL, NULL, nonce) == 1
        && EVP_CIPHER_CTX_ctrl(state->opening, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag) == 1
        && EVP_DecryptUpdate(state->opening, NULL, &length, ad, (int)ad_bytes) == 1
        && EVP_DecryptUpdate(state->opening, plaintext, &length, sealed, (int)bytes) == 1
        && EVP_DecryptFinal_ex(state->opening, plaintext + bytes, &length) == 1;
    if (!ok) {
        memset(plaintext, 0, bytes);
    }
    return ok ? 0 : -1;
}

static int mac(void *opaque, uint8_t out[MAC_BYTES], const uint8_t *data, size_t bytes)
{
    const struct state *state = opaque;
    uint8_t hash[32];
    size_t length = 0;
    int ok = EVP_MAC_init(state->mac, NULL, 0, NULL) == 1 && EVP_MAC_update(state->mac, data, bytes) == 1
        && EVP_MAC_final(state->mac, hash, &length, sizeof hash) == 1 && length == sizeof hash;
    memcpy(out, hash, MAC_BYTES);
    return ok ? 0 : -1;
}

const struct engine engine_openssl = { "openssl-c", about, state_open, state_close, seal, unseal, mac };
