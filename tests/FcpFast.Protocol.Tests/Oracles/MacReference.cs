using System.Linq;
using System.Security.Cryptography;

namespace FcpFast.Protocol.Tests.Oracles;

/// <summary>The session MACs from their definitions: HMAC out of SHA-256, and BLAKE3 from <see cref="Blake3Reference"/>.</summary>
/// <remarks>Source: [WIRE §6], [RFC 2104].</remarks>
internal static class MacReference
{
    public static byte[] Hmac(byte[] key, byte[] data)
    {
        byte[] block = key.Length > 64 ? SHA256.HashData(key) : key;
        block = [.. block, .. new byte[64 - block.Length]];
        byte[] inner = SHA256.HashData([.. block.Select(static b => (byte)(b ^ 0x36)), .. data]);
        return SHA256.HashData([.. block.Select(static b => (byte)(b ^ 0x5c)), .. inner]);
    }

    public static byte[] Suite1(byte[] key, byte[] data) => Hmac(key, data)[..16];

    public static byte[] Suite2(byte[] key, byte[] data) => Blake3Reference.KeyedHash(key, data)[..16];
}
