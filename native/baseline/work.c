#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sodium_api.h"

/* [WIRE 4.1], [WIRE 6]: a datagram is an envelope of 40 bytes, a frame header of 114, a record head of 6, the symbol, its tag. The MAC input
 * begins 15 bytes into it, where its 25 bytes of prefix fit before the frame. */
enum {
    ENVELOPE_BYTES = 40,
    ENVELOPE_MAC_OFFSET = 24,
    MAC_INPUT_OFFSET = 15,
    MAC_PREFIX_BYTES = 25,
    HEAD_BYTES = 114 + 6,
    AD_BYTES = 86,
};

const char *const step_names[STEP_COUNT] = { "seal", "open", "mac", "seal-frames", "verify-frames", "open-frames", "memory" };

struct work {
    const struct engine *engine;
    void *state;
    struct bench_case subject;
    size_t datagram_bytes;
    uint8_t *plaintext; /* payload_bytes a frame */
    uint8_t *slab;      /* datagram_bytes a frame */
    uint8_t *nonces;
    uint8_t *ad;
    uint8_t *macs;
    uint8_t head[HEAD_BYTES];
    uint8_t prefix[MAC_PREFIX_BYTES];
};

/* See bench/README.md: the same generator in every implementation. */
static void fill(uint8_t *bytes, size_t count, uint32_t seed)
{
    for (size_t i = 0; i < count; i++) {
        seed = seed * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(seed >> 24);
    }
}

static uint8_t *datagram(const struct work *work, size_t i) { return work->slab + i * work->datagram_bytes; }
static uint8_t *symbol(const struct work *work, size_t i) { return datagram(work, i) + ENVELOPE_BYTES + HEAD_BYTES; }
static uint8_t *plain(const struct work *work, size_t i) { return work->plaintext + i * work->subject.payload_bytes; }

static int seal_one(struct work *work, size_t i)
{
    return work->engine->seal(work->state, symbol(work, i), plain(work, i), work->subject.payload_bytes, work->ad + i * AD_BYTES, AD_BYTES,
        work->nonces + i * NONCE_BYTES);
}

static int open_one(struct work *work, size_t i)
{
    return work->engine->unseal(work->state, plain(work, i), symbol(work, i), work->subject.payload_bytes, work->ad + i * AD_BYTES, AD_BYTES,
        work->nonces + i * NONCE_BYTES);
}

static int mac_one(struct work *work, size_t i, uint8_t mac[MAC_BYTES])
{
    return work->engine->mac(work->state, mac, datagram(work, i) + MAC_INPUT_OFFSET, work->datagram_bytes - MAC_INPUT_OFFSET);
}

/* Header, symbol, MAC over prefix and frame, envelope. */
static int seal_frame(struct work *work, size_t i)
{
    uint8_t *at = datagram(work, i);
    memcpy(at + ENVELOPE_BYTES, work->head, HEAD_BYTES);
    int failed = seal_one(work, i);
    memcpy(at + MAC_INPUT_OFFSET, work->prefix, MAC_PREFIX_BYTES);
    uint8_t mac[MAC_BYTES];
    failed |= mac_one(work, i, mac);
    memcpy(at, work->prefix, ENVELOPE_MAC_OFFSET);
    memcpy(at + ENVELOPE_MAC_OFFSET, mac, MAC_BYTES);
    return failed;
}

/* The MAC of what came, compared in constant time; the envelope is put back, so that the datagram can come again. */
static int verify_frame(struct work *work, size_t i)
{
    uint8_t *at = datagram(work, i);
    uint8_t envelope[ENVELOPE_BYTES], mac[MAC_BYTES];
    memcpy(envelope, at, ENVELOPE_BYTES);
    memcpy(at + MAC_INPUT_OFFSET, work->prefix, MAC_PREFIX_BYTES);
    int failed = mac_one(work, i, mac);
    memcpy(at, envelope, ENVELOPE_BYTES);
    return failed | sodium_memcmp(mac, envelope + ENVELOPE_MAC_OFFSET, MAC_BYTES);
}

static int pass_one(struct work *work, size_t i)
{
    switch (work->subject.step) {
    case STEP_SEAL:
        return seal_one(work, i);
    case STEP_OPEN:
        return open_one(work, i);
    case STEP_MAC:
        return mac_one(work, i, work->macs + i * MAC_BYTES);
    case STEP_SEAL_FRAMES:
        return seal_frame(work, i);
    case STEP_VERIFY_FRAMES:
        return verify_frame(work, i);
    case STEP_OPEN_FRAMES:
        return verify_frame(work, i) != 0 || open_one(work, i) != 0;
    case STEP_MEMORY:
    case STEP_COUNT:
        break;
    }
    return -1;
}

int work_pass(struct work *work)
{
    size_t refused = 0;
    if (work->subject.step == STEP_MEMORY) {
        for (size_t i = 0; i < work->subject.batch; i++) {
            refused += seal_frame(work, i) != 0;
        }
        for (size_t i = 0; i < work->subject.batch; i++) {
            refused += verify_frame(work, i) != 0 || open_one(work, i) != 0;
        }
    } else {
        for (size_t i = 0; i < work->subject.batch; i++) {
            refused += pass_one(work, i) != 0;
        }
    }
    return refused == (work->subject.forged ? work->subject.batch : 0) ? 0 : -1;
}

static int arrives(enum step step) { return step == STEP_OPEN || step == STEP_VERIFY_FRAMES || step == STEP_OPEN_FRAMES; }

/* What arrives is sealed here first; forged traffic is then changed in its tag, and so in what its MAC covers. */
static int prepare(struct work *work)
{
    const struct bench_case *subject = &work->subject;
    fill(work->plaintext, subject->batch * subject->payload_bytes, 2);
    fill(work->nonces, subject->batch * NONCE_BYTES, 3);
    fill(work->ad, subject->batch * AD_BYTES, 4);
    fill(work->slab, subject->batch * work->datagram_bytes, 6);
    fill(work->head, HEAD_BYTES, 7);
    fill(work->prefix, MAC_PREFIX_BYTES, 8);
    if (!arrives(subject->step)) {
        return subject->forged ? -1 : 0;
    }
    for (size_t i = 0; i < subject->batch; i++) {
        if (seal_frame(work, i) != 0) {
            return -1;
        }
        if (subject->forged) {
            symbol(work, i)[subject->payload_bytes] ^= 1;
        }
    }
    memset(work->plaintext, 0, subject->batch * subject->payload_bytes);
    return 0;
}

struct work *work_open(const struct engine *engine, const struct bench_case *subject)
{
    struct work *work = calloc(1, sizeof *work);
    if (work == NULL) {
        return NULL;
    }
    uint8_t key[KEY_BYTES], mac_key[KEY_BYTES];
    fill(key, KEY_BYTES, 1);
    fill(mac_key, KEY_BYTES, 5);
    work->engine = engine;
    work->subject = *subject;
    work->datagram_bytes = ENVELOPE_BYTES + HEAD_BYTES + subject->payload_bytes + TAG_BYTES;
    work->state = engine->open(key, mac_key);
    work->plaintext = malloc(subject->batch * subject->payload_bytes);
    work->slab = malloc(subject->batch * work->datagram_bytes);
    work->nonces = malloc(subject->batch * NONCE_BYTES);
    work->ad = malloc(subject->batch * AD_BYTES);
    work->macs = calloc(subject->batch, MAC_BYTES);
    int complete = work->state && work->plaintext && work->slab && work->nonces && work->ad && work->macs;
    if (complete && prepare(work) == 0 && work_pass(work) == 0) {
        return work;
    }
    work_close(work);
    return NULL;
}

void work_close(struct work *work)
{
    if (work == NULL) {
        return;
    }
    if (work->state != NULL) {
        work->engine->close(work->state);
    }
    free(work->plaintext);
    free(work->slab);
    free(work->nonces);
    free(work->ad);
    free(work->macs);
    free(work);
}

void work_digest(const struct work *work, char text[DIGEST_TEXT_BYTES])
{
    uint8_t folded[TAG_BYTES] = { 0 };
    for (size_t i = 0; i < work->subject.batch; i++) {
        const uint8_t *piece = NULL;
        if (work->subject.step == STEP_SEAL) {
            piece = symbol(work, i) + work->subject.payload_bytes;
        } else if (work->subject.step == STEP_OPEN) {
            piece = plain(work, i);
        } else if (work->subject.step == STEP_MAC) {
            piece = work->macs + i * MAC_BYTES;
        }
        if (piece == NULL) {
            memcpy(text, "-", 2);
            return;
        }
        for (size_t b = 0; b < TAG_BYTES; b++) {
            folded[b] ^= piece[b];
        }
    }
    for (size_t b = 0; b < TAG_BYTES; b++) {
        (void)snprintf(text + 2 * b, 3, "%02x", folded[b]);
    }
}

static double nanoseconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double work_time(struct work *work, uint64_t passes)
{
    int failed = 0;
    double start = nanoseconds();
    for (uint64_t i = 0; i < passes; i++) {
        failed |= work_pass(work);
    }
    double taken = nanoseconds() - start;
    return failed == 0 ? taken : -1;
}
