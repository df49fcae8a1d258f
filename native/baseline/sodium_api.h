/* The part of libsodium that the baseline calls. The NuGet package brings the library without its headers; these are its documented
 * signatures, and main() refuses a library older than 1.0.19. */
#ifndef FCPFAST_SODIUM_API_H
#define FCPFAST_SODIUM_API_H

#include <stddef.h>

int sodium_init(void);
const char *sodium_version_string(void);

int crypto_aead_chacha20poly1305_ietf_encrypt(unsigned char *c, unsigned long long *clen, const unsigned char *m, unsigned long long mlen,
    const unsigned char *ad, unsigned long long adlen, const unsigned char *nsec, const unsigned char *npub, const unsigned char *k);
int crypto_aead_chacha20poly1305_ietf_decrypt(unsigned char *m, unsigned long long *mlen, unsigned char *nsec, const unsigned char *c,
    unsigned long long clen, const unsigned char *ad, unsigned long long adlen, const unsigned char *npub, const unsigned char *k);

size_t crypto_auth_hmacsha256_statebytes(void);
int crypto_auth_hmacsha256_init(void *state, const unsigned char *key, size_t keylen);
int crypto_auth_hmacsha256_update(void *state, const unsigned char *in, unsigned long long inlen);
int crypto_auth_hmacsha256_final(void *state, unsigned char *out);

int sodium_memcmp(const void *a, const void *b, size_t len);

#endif
