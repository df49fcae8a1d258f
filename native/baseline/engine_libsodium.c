#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "sodium_api.h"

enum { HMAC_STATE_BYTES_MAX = 512 };

/* The prepared state is copied for each message; 64 bytes of alignment are more than any hash state needs. */
struct state {
    _Alignas(64) uint8_t prepared[HMAC_STATE_BYTES_MAX];
    _Alignas(64) uint8_t running[HMAC_STATE_BYTES_MAX];
    uint8_t key[KEY_BYTES];
    size_t hmac_bytes;
};

static const char *about(void)
{
    return sodium_version_string();
}

static void *state_open(const uint8_t key[KEY_BYTES], const uint8_t mac_key[KEY_BYTES])
{
    struct state *state = aligned_alloc(64, sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    memset(state, 0, sizeof *state);
    memcpy(state->key, key, KEY_BYTES);
    state->hmac_bytes = crypto_auth_hmacsha256_statebytes();
    if (state->hmac_bytes > HMAC_STATE_BYTES_MAX || crypto_auth_hmacsha256_init(state->prepared, mac_key, KEY_BYTES) != 0) {
        free(state);
        return NULL;
    }
    return state;
}

static int seal(void *opaque, uint8_t *sealed, const uint8_t *plaintext, size_t bytes, const uint8_t *ad, size_t ad_bytes,
    const uint8_t nonce[NONCE_BYTES])
{
    const struct state *state = opaque;
    return crypto_aead_chacha20poly1305_ietf_encrypt(sealed, NULL, plaintext, bytes, ad, ad_bytes, NULL, nonce, state->key);
}

static int unseal(void *opaque, uint8_t *plaintext, const uint8_t *sealed, size_t bytes, const uint8_t *ad, size_t ad_bytes,
    const uint8_t nonce[NONCE_BYTES])
{
    const struct state *state = opaque;
    int refused = crypto_aead_chacha20poly1305_ietf_decrypt(
        plaintext, NULL, NULL, sealed, bytes + TAG_BYTES, ad, ad_bytes, nonce, state->key);
    if (refused != 0) {
        memset(plaintext, 0, bytes);
    }
    return refused;
}

static int mac(void *opaque, uint8_t out[MAC_BYTES], const uint8_t *data, size_t bytes)
{
    struct state *state = opaque;
    uint8_t hash[32];
    memcpy(state->running, state->prepared, state->hmac_bytes);
    int failed = crypto_auth_hmacsha256_update(state->running, data, bytes) | crypto_auth_hmacsha256_final(state->running, hash);
    memcpy(out, hash, MAC_BYTES);
    return failed;
}

const struct engine engine_libsodium = { "libsodium-c", about, state_open, free, seal, unseal, mac };
