using System;
using System.Collections.Generic;
using System.Text.Json;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Vectors.Formats;

/// <summary>Wycheproof files, one algorithm each: what is valid must come out, what is invalid must be refused.</summary>
/// <remarks>Source: <c>vectors/wycheproof/README.md</c>, C2SP/wycheproof <c>schemas/</c>.</remarks>
internal sealed class WycheproofFolder(CryptoProvider crypto) : IVectorFormat
{
    private const string Family = "wycheproof";

    private readonly WycheproofJudges _judges = new(crypto);

    public bool PassesOver(string fileName) => false;

    public IEnumerable<VectorCase> Read(string stem, JsonElement root)
    {
        string algorithm = root.GetProperty("algorithm").GetString()!, schema = root.GetProperty("schema").GetString()!;
        Func<WycheproofCase, string?>? judge = _judges.For(algorithm, schema);
        int count = 0;
        foreach (JsonElement group in root.GetProperty("testGroups").EnumerateArray())
        {
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                count++;
                string name = $"{stem} tcId {test.GetProperty("tcId").GetInt32()}";
                yield return judge is null
                    ? new VectorCase(Family, algorithm, name, VectorStanding.Unknown)
                    : new VectorCase(Family, algorithm, name, VectorStanding.Known, () => judge(WycheproofCase.Read(group, test)));
            }
        }

        int announced = root.GetProperty("numberOfTests").GetInt32();
        if (count != announced) throw new VectorFormatException($"it announces {announced} tests and has {count}");
    }
}
