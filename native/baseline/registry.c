#include "engine.h"

extern const struct engine engine_libsodium;
#ifdef FCPFAST_OPENSSL
extern const struct engine engine_openssl;
#endif

const struct engine *const engines[] = {
    &engine_libsodium,
#ifdef FCPFAST_OPENSSL
    &engine_openssl,
#endif
};
const size_t engine_count = sizeof engines / sizeof engines[0];
