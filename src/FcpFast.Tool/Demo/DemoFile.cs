using System;
using System.Buffers.Binary;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Demo;

/// <summary>The file that the demo moves.</summary>
internal static class DemoFile
{
    private const int BlockBytes = 1024 * 1024;

    /// <summary>Writes a file of key stream, every block another, so that nothing about it can be guessed or left out.</summary>
    public static Task WriteAsync(string path, long bytes, CancellationToken cancellation) => Task.Run(
        () =>
        {
            byte[] block = new byte[BlockBytes];
            byte[] key = new byte[CryptoSizes.KeyBytes];
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            for (long offset = 0; offset < bytes; offset += BlockBytes)
            {
                cancellation.ThrowIfCancellationRequested();
                BinaryPrimitives.WriteInt64LittleEndian(key, offset);
                LibsodiumStream.ChaCha20(key, block);
                file.Write(block, 0, (int)Math.Min(BlockBytes, bytes - offset));
            }
        },
        cancellation);

    /// <summary>BLAKE3 of a file.</summary>
    public static Task<string> HashAsync(string path, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var hasher = new Blake3Hasher(); // portable code judges what the kernels moved
            byte[] block = new byte[BlockBytes];
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            for (int read = file.Read(block); read > 0; read = file.Read(block))
            {
                cancellation.ThrowIfCancellationRequested();
                hasher.Update(block.AsSpan(0, read));
            }

            byte[] hash = new byte[CryptoSizes.HashBytes];
            hasher.Finish(hash);
            return Convert.ToHexStringLower(hash);
        },
        cancellation);
}
