/* The baseline's own proof, run under the address and undefined-behaviour sanitizers: every engine does every case, all engines come to the
 * same bytes, published vectors hold, and what is forged is refused. */
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "sodium_api.h"
#include "work.h"

static int failures;

static void require(int holds, const char *what, const char *engine)
{
    if (!holds) {
        (void)fprintf(stderr, "FAILED %s: %s\n", engine, what);
        failures++;
    }
}

/* RFC 8439 section 2.8.2. */
static void seals_as_the_standard_says(const struct engine *engine)
{
    static const char text[] =
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    static const uint8_t nonce[NONCE_BYTES] = { 7, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47 };
    static const uint8_t ad[] = { 0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7 };
    static const uint8_t tag[TAG_BYTES] = { 0x1a, 0xe1, 0x0b, 0x59, 0x4f, 0x09, 0xe2, 0x6a, 0x7e, 0x90, 0x2e, 0xcb, 0xd0, 0x60, 0x06, 0x91 };
    enum { BYTES = sizeof text - 1 };
    uint8_t key[KEY_BYTES], sealed[BYTES + TAG_BYTES], opened[BYTES];
    for (size_t i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)(0x80 + i);
    }
    void *state = engine->open(key, key);
    require(state != NULL, "opens", engine->name);
    if (state == NULL) {
        return;
    }
    require(engine->seal(state, sealed, (const uint8_t *)text, BYTES, ad, sizeof ad, nonce) == 0, "seals", engine->name);
    require(memcmp(sealed + BYTES, tag, TAG_BYTES) == 0, "the tag of RFC 8439", engine->name);
    require(engine->unseal(state, opened, sealed, BYTES, ad, sizeof ad, nonce) == 0 && memcmp(opened, text, BYTES) == 0, "opens again", engine->name);
    sealed[3] ^= 1;
    memset(opened, 1, BYTES);
    require(engine->unseal(state, opened, sealed, BYTES, ad, sizeof ad, nonce) != 0, "refuses a changed byte", engine->name);
    int left = 0;
    for (size_t i = 0; i < BYTES; i++) {
        left |= opened[i];
    }
    require(left == 0, "leaves no plaintext of what it refuses", engine->name);
    engine->close(state);
}

/* RFC 4231 case 2 has a key of 4 bytes; padded with zeroes to 32 it is the same HMAC key. */
static void macs_as_the_standard_says(const struct engine *engine)
{
    static const uint8_t expected[MAC_BYTES] = { 0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7 };
    static const char data[] = "what do ya want for nothing?";
    uint8_t key[KEY_BYTES] = { 'J', 'e', 'f', 'e' }, mac[MAC_BYTES];
    void *state = engine->open(key, key);
    require(state != NULL, "opens", engine->name);
    if (state == NULL) {
        return;
    }
    for (int again = 0; again < 2; again++) {
        require(engine->mac(state, mac, (const uint8_t *)data, sizeof data - 1) == 0, "MACs", engine->name);
        require(memcmp(mac, expected, MAC_BYTES) == 0, "the MAC of RFC 4231, also from a state that was used", engine->name);
    }
    engine->close(state);
}

static void agree(const struct bench_case *subject)
{
    char first[DIGEST_TEXT_BYTES] = "";
    for (size_t e = 0; e < engine_count; e++) {
        struct work *work = work_open(engines[e], subject);
        require(work != NULL, step_names[subject->step], engines[e]->name);
        if (work == NULL) {
            continue;
        }
        char digest[DIGEST_TEXT_BYTES];
        require(work_pass(work) == 0 && work_time(work, 2) >= 0, "passes can follow each other", engines[e]->name);
        work_digest(work, digest);
        require(e == 0 || strcmp(first, digest) == 0, "engines agree", engines[e]->name);
        memcpy(first, digest, sizeof digest);
        work_close(work);
    }
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    for (size_t e = 0; e < engine_count; e++) {
        seals_as_the_standard_says(engines[e]);
        macs_as_the_standard_says(engines[e]);
    }
    static const size_t payloads[] = { 16, 256, 1024, 4096, 16384 }, batches[] = { 1, 7, 54 };
    for (int step = 0; step < STEP_COUNT; step++) {
        for (size_t p = 0; p < sizeof payloads / sizeof payloads[0]; p++) {
            for (size_t b = 0; b < sizeof batches / sizeof batches[0]; b++) {
                struct bench_case subject = { (enum step)step, payloads[p], batches[b], 0 };
                agree(&subject);
                if (step == STEP_OPEN || step == STEP_VERIFY_FRAMES || step == STEP_OPEN_FRAMES) {
                    subject.forged = 1;
                    agree(&subject);
                }
            }
        }
    }
    (void)printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
