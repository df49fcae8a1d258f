/*
 * FcpFast for C: endpoints that send and receive objects over FCP V2, and its AEAD engines over batches of messages.
 *
 * Link libfcpfast.so; libsodium.so and libe_sqlite3.so lie beside it ('./build.sh library' puts all of them into one folder).
 *
 * Ownership:  the caller owns all memory that it passes, for the length of the call only; nothing of it is kept. Texts are UTF-8 that end in a zero
 *             byte. What the library makes is known by a number (a handle), never 0, that is used for nothing else afterwards: a released handle is refused.
 * Threads:    every function may be called from any thread, at the same time too. Functions that wait say so. Not from signal handlers, and not in a child
 *             after fork() without exec().
 * Errors:     every function says what became of it; fcp_last_error tells the reason in words, on the thread that it happened on. Nothing is done by halves.
 * Alignment:  none is required.
 * Stability:  numbers never change their meaning; structs grow at their end, and struct_bytes tells which one the caller knows.
 */
#ifndef FCPFAST_H
#define FCPFAST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t fcp_result;

enum {
    FCP_OK = 0,
    FCP_INVALID_ARGUMENT = 1, /* a null, a length or a text that cannot be meant */
    FCP_BAD_HANDLE = 2,       /* never given out, released, or of another kind */
    FCP_NOT_DONE = 3,         /* could not be done */
    FCP_TIMEOUT = 4,          /* has not happened yet */
    FCP_REFUSED = 5,          /* the receiver does not take it */
    FCP_TOO_SMALL = 6,        /* the memory given is too small */
    FCP_CLOSED = 7,           /* the endpoint was closed */
    FCP_NOT_AUTHENTIC = 8     /* at least one message did not verify */
};

/* The version, such as "0.1.0". Lives as long as the process. */
const char *fcp_version(void);

/* A result in words. Lives as long as the process; never null. */
const char *fcp_result_name(fcp_result result);

/* Why the last call of this thread that failed did so. FCP_TOO_SMALL leaves an empty text. */
fcp_result fcp_last_error(char *text, size_t capacity);

/* ---- batches ---- */

typedef uint64_t fcp_key;

enum {
    FCP_CHACHA20_POLY1305 = 1,  /* RFC 8439: nonces of 12 bytes */
    FCP_XCHACHA20_POLY1305 = 2  /* nonces of 24 bytes */
};

enum { FCP_KEY_BYTES = 32, FCP_TAG_BYTES = 16 };

/*
 * Messages of one length. Message i lies input_stride * i behind input, its result output_stride * i behind output; nonces and associated data lie side by
 * side without gaps, one of each a message. Input and output may be the same memory with the same stride; else they do not overlap. Each of the four areas is
 * below 2 GiB. Sealed messages are message_bytes of ciphertext and 16 of tag.
 */
typedef struct fcp_batch {
    const uint8_t *nonces;
    const uint8_t *associated; /* may be null if associated_bytes is 0 */
    const uint8_t *input;
    uint8_t *output;
    size_t associated_bytes; /* of each message */
    size_t message_bytes;    /* of each plaintext */
    size_t input_stride;
    size_t output_stride;
    size_t count;
} fcp_batch;

/* The engine that batches run on: "wide-512", "wide-256", "wide-128" or "libsodium". The first call measures them, some milliseconds. */
fcp_result fcp_engine(char *text, size_t capacity);

/* Copies a key of 32 bytes into guarded memory. The caller erases its own copy. */
fcp_result fcp_key_create(uint32_t algorithm, const uint8_t *key, fcp_key *out);

/* Erases a key, as soon as no call uses it any more. */
fcp_result fcp_key_destroy(fcp_key key);

/* Seals every message. The caller sees to it that no nonce comes twice under one key. Allocates nothing. */
fcp_result fcp_seal(fcp_key key, const fcp_batch *batch);

/*
 * Opens every message whose tag verifies; what did not verify is zeroed in output. opened (may be null) takes one byte a message, 1 or 0; opened_count (may be
 * null) how many. FCP_OK if all did, else FCP_NOT_AUTHENTIC. Allocates nothing.
 */
fcp_result fcp_open(fcp_key key, const fcp_batch *batch, uint8_t *opened, size_t *opened_count);

/* ---- endpoints ---- */

typedef uint64_t fcp_endpoint;
typedef uint64_t fcp_send;
typedef uint64_t fcp_object;

typedef struct fcp_peer {
    const char *node;    /* its id; its attestation is in the state folder */
    const char *address; /* such as "192.0.2.1:4400" */
} fcp_peer;

enum { FCP_PROFILE_GATEWAY = 0, FCP_PROFILE_EDGE = 1 };

typedef struct fcp_endpoint_options {
    size_t struct_bytes;              /* sizeof(fcp_endpoint_options) */
    const char *state_folder;         /* made by 'fcpfast node init'; used by one process at a time */
    const char *listen;               /* null for a free port of loopback */
    const fcp_peer *peers;            /* to whom it opens sessions */
    size_t peer_count;
    const char *receive_into;         /* a folder for what comes in; or null */
    uint64_t object_bytes_max;        /* the largest object taken into memory */
    uint64_t object_memory_bytes_max; /* for all, at least twice that and 8 KiB; 0 to take none. Not beside receive_into. */
    uint32_t profile;
    uint32_t accepts_sessions;        /* 1 if peers may open sessions to it */
} fcp_endpoint_options;

/* Opens an endpoint; all faults of the options are told at once. */
fcp_result fcp_endpoint_open(const fcp_endpoint_options *options, fcp_endpoint *out);

/* Where it receives, such as "127.0.0.1:4400". */
fcp_result fcp_endpoint_address(fcp_endpoint endpoint, char *text, size_t capacity);

/* State and figures as JSON. needed (may be null) takes the bytes that the text needs, its zero byte included. */
fcp_result fcp_endpoint_status(fcp_endpoint endpoint, char *text, size_t capacity, size_t *needed);

/* Starts to send an object of up to 2 GiB to a member of a zone. The bytes are copied. It goes on until it has arrived, is refused, or the endpoint is closed. */
fcp_result fcp_endpoint_send(
    fcp_endpoint endpoint, const char *zone, const char *node, const char *name, const void *bytes, size_t count, fcp_send *out);

/* Waits until it has arrived (FCP_OK) or was refused; a negative time is for ever, 0 only looks. */
fcp_result fcp_send_wait(fcp_send send, int32_t milliseconds);

/* Forgets the handle; what is being sent goes on. */
fcp_result fcp_send_release(fcp_send send);

/* Waits for an object that has come in whole; out is to be released. While the memory is full of objects that were not released, others wait at their sources. */
fcp_result fcp_endpoint_receive(fcp_endpoint endpoint, int32_t milliseconds, fcp_object *out, uint64_t *size);

/* Copies bytes of an object, all within it. */
fcp_result fcp_object_read(fcp_object object, uint64_t offset, void *bytes, size_t count);

/* What an object is called, who sealed it and for which zone; each may be null. The name is the source's choice: judge it before it becomes a path. */
fcp_result fcp_object_origin(
    fcp_object object, char *name, size_t name_capacity, char *source, size_t source_capacity, char *zone, size_t zone_capacity);

/* Erases an object and gives its memory back. */
fcp_result fcp_object_release(fcp_object object);

/* Closes an endpoint; waits until its threads have ended and its state is stored. */
fcp_result fcp_endpoint_close(fcp_endpoint endpoint);

#ifdef __cplusplus
}
#endif

#endif
