using System.Collections.Generic;
using System.Text.Json;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Vectors.Formats;

/// <summary>BoringSSL's ChaCha20-Poly1305, XChaCha20-Poly1305 and Poly1305 vectors, one algorithm a file.</summary>
/// <remarks>Source: <c>vectors/rfc8439/README.md</c>.</remarks>
internal sealed class Rfc8439Folder(CryptoProvider crypto) : IVectorFormat
{
    private const string Family = "rfc8439";

    public bool PassesOver(string fileName) => false;

    public IEnumerable<VectorCase> Read(string stem, JsonElement root)
    {
        foreach (JsonElement item in root.EnumerateArray())
        {
            string name = $"{stem} {item.GetProperty("index").GetInt32()}";
            yield return stem switch
            {
                "chacha20_poly1305" => Aead(AeadAlgorithm.ChaCha20Poly1305, stem, name, item),
                "xchacha20_poly1305" => Aead(AeadAlgorithm.XChaCha20Poly1305, stem, name, item),
                "poly1305" => new VectorCase(Family, stem, name, VectorStanding.Known, () => Poly1305(item)),
                _ => new VectorCase(Family, stem, name, VectorStanding.Unknown),
            };
        }
    }

    private VectorCase Aead(AeadAlgorithm algorithm, string op, string name, JsonElement item) =>
        new(Family, op, name, VectorStanding.Known, () => AeadCase.Read(item, algorithm, "nonce", "ad", "in", "ct").JudgeValid(crypto.Aead));

    private static string? Poly1305(JsonElement item)
    {
        byte[] tag = new byte[CryptoSizes.TagBytes];
        LibsodiumOneTimeAuth.Poly1305(AeadCase.Hex(item, "key"), AeadCase.Hex(item, "input"), tag);
        return VectorComparison.Difference("mac", item.GetProperty("mac").GetString()!, tag);
    }
}
