/* fcpfast-baseline: what the same work costs with no .NET at all.
 *
 *   fcpfast-baseline           measures the sizes and batches of the design, engines in turns, and prints one JSON object
 *   fcpfast-baseline serve     measures what it is asked to, line by line, in turns with its caller (bench/README.md) */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "sodium_api.h"
#include "work.h"

enum { ROUNDS = 21, ENGINES_MAX = 8, LINE_BYTES_MAX = 256, PAYLOAD_BYTES_MAX = 16384, BATCH_MAX = 256 };

static const double SAMPLE_NS = 1e6;

/* The case asked for last stays open: it is asked for again and again. */
static struct {
    char name[LINE_BYTES_MAX];
    struct work *work;
} current;

static const struct engine *find_engine(const char *name)
{
    for (size_t i = 0; i < engine_count; i++) {
        if (strcmp(engines[i]->name, name) == 0) {
            return engines[i];
        }
    }
    return NULL;
}

/* Reads "STEP PAYLOAD BATCH SUITE TRAFFIC"; 0 if it is a case that this program takes. Suite 0 is no MAC, 1 is HMAC-SHA-256. */
static int parse_case(const char *step, size_t payload, size_t batch, int suite, const char *traffic, struct bench_case *subject)
{
    int known = 0;
    for (int i = 0; i < STEP_COUNT; i++) {
        if (strcmp(step_names[i], step) == 0) {
            subject->step = (enum step)i;
            known = 1;
        }
    }
    subject->payload_bytes = payload;
    subject->batch = batch;
    subject->forged = strcmp(traffic, "forged") == 0;
    int has_mac = known && subject->step != STEP_SEAL && subject->step != STEP_OPEN;
    return known && payload >= 16 && payload <= PAYLOAD_BYTES_MAX && batch >= 1 && batch <= BATCH_MAX && suite == has_mac
            && (subject->forged || strcmp(traffic, "valid") == 0) ? 0 : -1;
}

static struct work *work_for(const char *engine, const char *name, const struct bench_case *subject)
{
    if (current.work != NULL && strcmp(current.name, name) == 0) {
        return current.work;
    }
    work_close(current.work);
    current.work = work_open(find_engine(engine), subject);
    (void)snprintf(current.name, sizeof current.name, "%s", name);
    return current.work;
}

/* Answers "check ..." and "run ...". */
static void answer_case(const char *line)
{
    char verb[16], engine[32], step[32], traffic[16], name[LINE_BYTES_MAX];
    size_t payload, batch;
    int suite;
    uint64_t passes = 1;
    struct bench_case subject;
    int fields = sscanf(line, "%15s %31s %31s %zu %zu %d %15s %" SCNu64, verb, engine, step, &payload, &batch, &suite, traffic, &passes);
    int is_check = fields == 7 && strcmp(verb, "check") == 0, is_run = fields == 8 && strcmp(verb, "run") == 0;
    if (!is_check && !is_run) {
        (void)printf("error unknown line\n");
        return;
    }
    if (find_engine(engine) == NULL || parse_case(step, payload, batch, suite, traffic, &subject) != 0) {
        (void)printf(is_check ? "no\n" : "error not a case of this program\n");
        return;
    }
    (void)snprintf(name, sizeof name, "%s %s %zu %zu %s", engine, step, payload, batch, traffic);
    struct work *work = work_for(engine, name, &subject);
    if (work == NULL) {
        (void)printf("error the work cannot be done\n");
        return;
    }
    if (is_check) {
        char digest[DIGEST_TEXT_BYTES];
        work_digest(work, digest);
        (void)printf("%s\n", digest);
        return;
    }
    double taken = work_time(work, passes);
    (void)printf(taken < 0 ? "error a pass failed\n" : "%.0f\n", taken);
}

static int serve(void)
{
    char line[LINE_BYTES_MAX];
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (strcmp(line, "engines") == 0) {
            for (size_t i = 0; i < engine_count; i++) {
                (void)printf("%s%s", i == 0 ? "" : " ", engines[i]->name);
            }
            (void)printf("\n");
        } else if (strcmp(line, "about") == 0) {
            for (size_t i = 0; i < engine_count; i++) {
                (void)printf("%s%s: %s", i == 0 ? "" : "; ", engines[i]->name, engines[i]->about());
            }
            (void)printf("\n");
        } else {
            answer_case(line);
        }
        (void)fflush(stdout);
    }
    work_close(current.work);
    return 0;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Measures one case with every engine in turns and prints its rows. */
static int measure(const struct bench_case *subject, int *rows)
{
    struct work *works[ENGINES_MAX] = { NULL };
    uint64_t passes[ENGINES_MAX];
    double samples[ENGINES_MAX][ROUNDS], base = 0;
    int failed = 0;
    for (size_t e = 0; e < engine_count; e++) {
        works[e] = work_open(engines[e], subject);
        double taken = works[e] == NULL ? -1 : work_time(works[e], 20) / 20;
        failed |= taken < 0;
        passes[e] = taken <= 0 ? 1 : (uint64_t)(SAMPLE_NS / taken) + 1;
    }
    for (int round = 0; round < ROUNDS && !failed; round++) {
        for (size_t turn = 0; turn < engine_count; turn++) {
            size_t e = (turn + (size_t)round) % engine_count;
            double taken = work_time(works[e], passes[e]);
            failed |= taken < 0;
            samples[e][round] = taken / (double)passes[e] / (double)subject->batch;
        }
    }
    for (size_t e = 0; e < engine_count && !failed; e++) {
        qsort(samples[e], ROUNDS, sizeof samples[e][0], compare);
        double median = samples[e][ROUNDS / 2];
        if (e == 0) {
            base = median;
        }
        char suite[] = "null";
        if (subject->step != STEP_SEAL && subject->step != STEP_OPEN) {
            (void)snprintf(suite, sizeof suite, "1");
        }
        (void)printf("%s{\"step\":\"%s\",\"payload_bytes\":%zu,\"batch\":%zu,\"engine\":\"%s\",\"suite\":%s,\"traffic\":\"%s\","
                     "\"ns_per_frame\":%.2f,\"gb_per_s\":%.4f,\"allocated_bytes_per_frame\":0,\"ratio_to_c_libsodium\":%.3f}",
            (*rows)++ == 0 ? "\n" : ",\n", step_names[subject->step], subject->payload_bytes, subject->batch, engines[e]->name, suite,
            subject->forged ? "forged" : "valid", median, (double)subject->payload_bytes / median, base / median);
    }
    for (size_t e = 0; e < engine_count; e++) {
        work_close(works[e]);
    }
    return failed ? -1 : 0;
}

static int measure_all(void)
{
    static const size_t payloads[] = { 256, 1024, 4096, 16384 }, batches[] = { 1, 16, 54, 64 };
    int rows = 0;
    (void)printf("{\"machine\":{\"libraries\":\"");
    for (size_t e = 0; e < engine_count; e++) {
        (void)printf("%s%s: %s", e == 0 ? "" : "; ", engines[e]->name, engines[e]->about());
    }
    (void)printf("\"},\"rows\":[");
    for (int step = 0; step < STEP_COUNT; step++) {
        for (size_t p = 0; p < sizeof payloads / sizeof payloads[0]; p++) {
            for (size_t b = 0; b < sizeof batches / sizeof batches[0]; b++) {
                struct bench_case subject = { (enum step)step, payloads[p], batches[b], 0 };
                if (measure(&subject, &rows) != 0) {
                    (void)fprintf(stderr, "fcpfast-baseline: %s cannot be done\n", step_names[step]);
                    return 1;
                }
            }
        }
    }
    (void)printf("\n]}\n");
    return 0;
}

/* 1.0.19 is the oldest that the managed side takes; an older one here would be the system's. */
static int is_new_enough(void)
{
    int major, minor, patch;
    return sodium_init() >= 0 && sscanf(sodium_version_string(), "%d.%d.%d", &major, &minor, &patch) == 3
        && (major > 1 || minor > 0 || patch >= 19);
}

int main(int argc, char **argv)
{
    if (!is_new_enough() || engine_count > ENGINES_MAX) {
        (void)fprintf(stderr, "fcpfast-baseline: libsodium %s is not usable; build with './build.sh native'\n", sodium_version_string());
        return 3;
    }
    if (argc == 2 && strcmp(argv[1], "serve") == 0) {
        return serve();
    }
    if (argc != 1) {
        (void)fprintf(stderr, "usage: fcpfast-baseline [serve]\n");
        return 2;
    }
    return measure_all();
}
