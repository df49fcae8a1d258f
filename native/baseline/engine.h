/* An implementation under measurement. Adding one: fill this struct in a file of its own and list it in registry.c. */
#ifndef FCPFAST_ENGINE_H
#define FCPFAST_ENGINE_H

#include <stddef.h>
#include <stdint.h>

enum { KEY_BYTES = 32, NONCE_BYTES = 12, TAG_BYTES = 16, MAC_BYTES = 16 };

struct engine {
    const char *name;

    /* Library and version, in words. Static storage. */
    const char *(*about)(void);

    /* Sets both keys once; what can be computed ahead is. Returns NULL on failure. The caller closes it. */
    void *(*open)(const uint8_t key[KEY_BYTES], const uint8_t mac_key[KEY_BYTES]);
    void (*close)(void *state);

    /* Seals one message; the tag goes behind the ciphertext. sealed has bytes + TAG_BYTES and does not overlap plaintext. 0 on success. */
    int (*seal)(void *state, uint8_t *sealed, const uint8_t *plaintext, size_t bytes, const uint8_t *ad, size_t ad_bytes,
        const uint8_t nonce[NONCE_BYTES]);

    /* Opens one message; 0 if its tag verifies, else plaintext is zeroed. */
    int (*unseal)(void *state, uint8_t *plaintext, const uint8_t *sealed, size_t bytes, const uint8_t *ad, size_t ad_bytes,
        const uint8_t nonce[NONCE_BYTES]);

    /* The session MAC of suite 1: HMAC-SHA-256, first 16 bytes, from a key state that was prepared in open. 0 on success. */
    int (*mac)(void *state, uint8_t mac[MAC_BYTES], const uint8_t *data, size_t bytes);
};

/* The engines of this build, and how many there are. */
extern const struct engine *const engines[];
extern const size_t engine_count;

#endif
