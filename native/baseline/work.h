/* The work of a case, the same that the managed benches do: same bytes, same places, same order. */
#ifndef FCPFAST_WORK_H
#define FCPFAST_WORK_H

#include <stddef.h>
#include <stdint.h>

#include "engine.h"

enum { DIGEST_TEXT_BYTES = 2 * TAG_BYTES + 1 };

enum step { STEP_SEAL, STEP_OPEN, STEP_MAC, STEP_SEAL_FRAMES, STEP_VERIFY_FRAMES, STEP_OPEN_FRAMES, STEP_MEMORY, STEP_COUNT };

/* Names as the rows carry them. */
extern const char *const step_names[STEP_COUNT];

struct bench_case {
    enum step step;
    size_t payload_bytes; /* data of a symbol, 1 to 16384; a frame has one */
    size_t batch;         /* frames of a pass, 1 to 256 */
    int forged;           /* open and frames: everything that arrives fails */
};

struct work;

/* Makes everything that passes need. NULL if memory or the engine fails. The caller closes it; the engine outlives it. */
struct work *work_open(const struct engine *engine, const struct bench_case *subject);
void work_close(struct work *work);

/* One batch. 0 if it did what it must: valid work succeeds, forged work is refused. */
int work_pass(struct work *work);

/* The result folded to 32 hex digits; "-" where results differ by nature. */
void work_digest(const struct work *work, char text[DIGEST_TEXT_BYTES]);

/* Nanoseconds of these passes; negative if one failed. */
double work_time(struct work *work, uint64_t passes);

#endif
