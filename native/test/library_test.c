/* Uses libfcpfast as a C program does: batches against the RFC's answer, then two endpoints that send objects to each other.
 * library_test FOLDER: FOLDER holds the state folders 'alice' and 'bob' of two members of zone z:test. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fcpfast.h"

static int failures;

static void check(int holds, const char *what, int line)
{
    char reason[512];
    if (holds) return;
    fcp_last_error(reason, sizeof reason);
    fprintf(stderr, "library_test.c:%d: not so: %s (last error: %s)\n", line, what, reason);
    failures++;
}

#define CHECK(condition) check((condition), #condition, __LINE__)

static void fill(uint8_t *bytes, size_t count, uint32_t seed)
{
    for (size_t i = 0; i < count; i++) {
        seed = seed * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(seed >> 24);
    }
}

/* RFC 8439, 2.8.2 */
static void seals_as_the_standard_says(void)
{
    static const char text[] = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    static const uint8_t nonce[12] = {0x07, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47};
    static const uint8_t associated[12] = {0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7};
    static const uint8_t tag[16] = {0x1a, 0xe1, 0x0b, 0x59, 0x4f, 0x09, 0xe2, 0x6a, 0x7e, 0x90, 0x2e, 0xcb, 0xd0, 0x60, 0x06, 0x91};
    uint8_t key_bytes[FCP_KEY_BYTES], sealed[sizeof text - 1 + FCP_TAG_BYTES];
    fcp_key key = 0;
    fcp_batch batch = {nonce, associated, (const uint8_t *)text, sealed, sizeof associated, sizeof text - 1, sizeof text - 1, sizeof sealed, 1};
    for (int i = 0; i < FCP_KEY_BYTES; i++) key_bytes[i] = (uint8_t)(0x80 + i);
    CHECK(fcp_key_create(FCP_CHACHA20_POLY1305, key_bytes, &key) == FCP_OK);
    CHECK(fcp_seal(key, &batch) == FCP_OK);
    CHECK(memcmp(sealed + sizeof text - 1, tag, sizeof tag) == 0);
    CHECK(fcp_key_destroy(key) == FCP_OK);
    CHECK(fcp_key_destroy(key) == FCP_BAD_HANDLE);
    CHECK(fcp_seal(key, &batch) == FCP_BAD_HANDLE);
}

/* Exactly as much memory as the contract names, so that the sanitizer sees a byte too many. */
static void opens_what_was_sealed(uint32_t algorithm, size_t nonce_bytes, size_t count, size_t message_bytes)
{
    size_t sealed_bytes = message_bytes + FCP_TAG_BYTES;
    uint8_t key_bytes[FCP_KEY_BYTES], *nonces = malloc(count * nonce_bytes + 1), *plain = malloc(count * message_bytes + 1);
    uint8_t *sealed = malloc(count * sealed_bytes + 1), *again = malloc(count * message_bytes + 1), *opened = malloc(count + 1);
    size_t opened_count = 0, forged = count / 2;
    fcp_key key = 0;
    fill(key_bytes, sizeof key_bytes, 1);
    fill(nonces, count * nonce_bytes, 2);
    fill(plain, count * message_bytes, 3);
    CHECK(fcp_key_create(algorithm, key_bytes, &key) == FCP_OK);
    fcp_batch out = {nonces, NULL, plain, sealed, 0, message_bytes, message_bytes, sealed_bytes, count};
    fcp_batch in = {nonces, NULL, sealed, again, 0, message_bytes, sealed_bytes, message_bytes, count};
    CHECK(fcp_seal(key, &out) == FCP_OK);
    CHECK(fcp_open(key, &in, opened, &opened_count) == FCP_OK);
    CHECK(opened_count == count && memcmp(plain, again, count * message_bytes) == 0);
    if (count > 0) {
        sealed[forged * sealed_bytes] ^= 1;
        CHECK(fcp_open(key, &in, opened, &opened_count) == FCP_NOT_AUTHENTIC);
        CHECK(opened_count == count - 1 && opened[forged] == 0);
        for (size_t i = 0; i < count; i++) CHECK(opened[i] == (i != forged));
        for (size_t i = 0; i < message_bytes; i++) CHECK(again[forged * message_bytes + i] == 0);
    }
    CHECK(fcp_key_destroy(key) == FCP_OK);
    free(nonces), free(plain), free(sealed), free(again), free(opened);
}

static void refuses_what_cannot_be_meant(void)
{
    uint8_t bytes[64] = {0}, key_bytes[FCP_KEY_BYTES] = {1};
    char text[4], reason[256];
    fcp_key key = 0;
    fcp_endpoint endpoint = 0;
    fcp_endpoint_options options = {0};
    CHECK(fcp_key_create(3, key_bytes, &key) == FCP_INVALID_ARGUMENT);
    CHECK(fcp_key_create(FCP_CHACHA20_POLY1305, NULL, &key) == FCP_INVALID_ARGUMENT);
    CHECK(fcp_key_create(FCP_CHACHA20_POLY1305, key_bytes, NULL) == FCP_INVALID_ARGUMENT);
    CHECK(fcp_key_create(FCP_CHACHA20_POLY1305, key_bytes, &key) == FCP_OK);
    CHECK(fcp_seal(key, NULL) == FCP_INVALID_ARGUMENT);
    fcp_batch batch = {bytes, NULL, bytes, bytes + 1, 0, 8, 24, 24, 1};
    CHECK(fcp_seal(key, &batch) == FCP_INVALID_ARGUMENT); /* overlaps by halves */
    batch = (fcp_batch){bytes, NULL, bytes, bytes + 32, 0, 8, 8, 8, 2};
    CHECK(fcp_seal(key, &batch) == FCP_INVALID_ARGUMENT); /* a stride shorter than what is sealed */
    batch = (fcp_batch){bytes, NULL, bytes, bytes + 32, 0, 8, SIZE_MAX / 2, SIZE_MAX / 2, 3};
    CHECK(fcp_seal(key, &batch) == FCP_INVALID_ARGUMENT);
    batch = (fcp_batch){NULL, NULL, bytes, bytes + 32, 0, 8, 8, 24, 1};
    CHECK(fcp_seal(key, &batch) == FCP_INVALID_ARGUMENT);
    batch = (fcp_batch){bytes, NULL, bytes, bytes + 32, 0, SIZE_MAX, 8, 24, 1};
    CHECK(fcp_seal(key, &batch) == FCP_INVALID_ARGUMENT);
    CHECK(fcp_endpoint_close(key) == FCP_BAD_HANDLE); /* another kind */
    CHECK(fcp_key_destroy(key) == FCP_OK);
    CHECK(fcp_endpoint_open(&options, &endpoint) == FCP_INVALID_ARGUMENT);
    CHECK(fcp_last_error(reason, sizeof reason) == FCP_OK && strstr(reason, "struct_bytes") != NULL);
    options.struct_bytes = sizeof options;
    options.state_folder = "/nowhere/at/all";
    CHECK(fcp_endpoint_open(&options, &endpoint) == FCP_NOT_DONE);
    CHECK(fcp_last_error(text, sizeof text) == FCP_TOO_SMALL && text[0] == 0);
    CHECK(fcp_send_wait(12345, 0) == FCP_BAD_HANDLE);
    CHECK(strcmp(fcp_result_name(FCP_OK), "ok") == 0 && strcmp(fcp_result_name(-1), "unknown result") == 0);
    CHECK(strcmp(fcp_version(), "0.1.0") == 0);
}

static void moves_objects(const char *folder)
{
    enum { SIZE = 3 * 1024 * 1024 + 7, OBJECTS = 5 };
    char alice_folder[1024], bob_folder[1024], address[64], name[256], source[256], zone[256];
    fcp_endpoint alice = 0, bob = 0;
    uint8_t *sent = malloc(SIZE), *got = malloc(SIZE);
    snprintf(alice_folder, sizeof alice_folder, "%s/alice", folder);
    snprintf(bob_folder, sizeof bob_folder, "%s/bob", folder);
    fill(sent, SIZE, 4);
    fcp_endpoint_options options = {0};
    options.struct_bytes = sizeof options;
    options.profile = FCP_PROFILE_EDGE;
    options.state_folder = bob_folder;
    options.accepts_sessions = 1;
    options.object_bytes_max = SIZE;
    options.object_memory_bytes_max = 3 * (uint64_t)SIZE;
    CHECK(fcp_endpoint_open(&options, &bob) == FCP_OK);
    CHECK(fcp_endpoint_address(bob, address, sizeof address) == FCP_OK);
    fcp_peer peer = {"bob", address};
    options = (fcp_endpoint_options){0};
    options.struct_bytes = sizeof options;
    options.profile = FCP_PROFILE_EDGE;
    options.state_folder = alice_folder;
    options.peers = &peer;
    options.peer_count = 1;
    CHECK(fcp_endpoint_open(&options, &alice) == FCP_OK);
    fcp_object none = 0, object = 0;
    uint64_t size = 0;
    CHECK(fcp_endpoint_receive(bob, 0, &none, &size) == FCP_TIMEOUT);
    for (int i = 0; failures == 0 && i < OBJECTS; i++) {
        fcp_send send = 0;
        CHECK(fcp_endpoint_send(alice, "z:test", "bob", "object", sent, SIZE - (size_t)i, &send) == FCP_OK);
        CHECK(fcp_endpoint_receive(bob, 120000, &object, &size) == FCP_OK);
        CHECK(size == (uint64_t)(SIZE - i));
        CHECK(fcp_object_origin(object, name, sizeof name, source, sizeof source, zone, sizeof zone) == FCP_OK);
        CHECK(strcmp(name, "object") == 0 && strcmp(source, "alice") == 0 && strcmp(zone, "z:test") == 0);
        CHECK(fcp_object_read(object, 0, got, (size_t)size) == FCP_OK && memcmp(sent, got, (size_t)size) == 0);
        CHECK(fcp_object_read(object, size - 1, got, 2) == FCP_INVALID_ARGUMENT);
        CHECK(fcp_object_release(object) == FCP_OK);
        CHECK(fcp_object_read(object, 0, got, 1) == FCP_BAD_HANDLE);
        CHECK(fcp_send_wait(send, 120000) == FCP_OK);
        CHECK(fcp_send_release(send) == FCP_OK);
    }
    fcp_send refused = 0;
    CHECK(fcp_endpoint_send(alice, "z:test", "mallory", "object", sent, 1, &refused) == FCP_INVALID_ARGUMENT);
    size_t needed = 0;
    CHECK(fcp_endpoint_status(bob, NULL, 0, &needed) == FCP_TOO_SMALL && needed > 100);
    char *status = malloc(needed + 1024);
    CHECK(fcp_endpoint_status(bob, status, needed + 1024, NULL) == FCP_OK && strstr(status, "\"node\":\"bob\"") != NULL);
    CHECK(fcp_endpoint_close(alice) == FCP_OK);
    CHECK(fcp_endpoint_close(bob) == FCP_OK);
    CHECK(fcp_endpoint_receive(bob, 0, &object, &size) == FCP_BAD_HANDLE);
    free(sent), free(got), free(status);
}

int main(int argc, char **argv)
{
    char engine[32];
    if (argc != 2) {
        fprintf(stderr, "usage: library_test FOLDER\n");
        return 2;
    }
    seals_as_the_standard_says();
    static const size_t counts[] = {0, 1, 7, 15, 16, 17, 54, 65, 200}, sizes[] = {0, 1, 256, 1024, 1025};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        for (size_t j = 0; j < sizeof sizes / sizeof sizes[0]; j++) {
            opens_what_was_sealed(FCP_CHACHA20_POLY1305, 12, counts[i], sizes[j]);
            opens_what_was_sealed(FCP_XCHACHA20_POLY1305, 24, counts[i], sizes[j]);
        }
    }
    refuses_what_cannot_be_meant();
    moves_objects(argv[1]);
    CHECK(fcp_engine(engine, sizeof engine) == FCP_OK);
    printf("library_test: %s, engine %s, %s\n", fcp_version(), engine, failures == 0 ? "passed" : "FAILED");
    return failures == 0 ? 0 : 1;
}
