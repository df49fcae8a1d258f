using System.Text.Json;

namespace FcpFast.Tool.Vectors.Formats;

/// <summary>One Wycheproof test and the group whose parameters it shares.</summary>
/// <param name="Group">The group.</param>
/// <param name="Test">The test.</param>
/// <param name="Result">What must come of it.</param>
internal readonly record struct WycheproofCase(JsonElement Group, JsonElement Test, WycheproofResult Result)
{
    /// <summary>Reads a test; a result that Wycheproof does not have cannot be judged.</summary>
    public static WycheproofCase Read(JsonElement group, JsonElement test) => new(group, test, test.GetProperty("result").GetString() switch
    {
        "valid" => WycheproofResult.Valid,
        "invalid" => WycheproofResult.Invalid,
        "acceptable" => WycheproofResult.Acceptable,
        string other => throw new VectorFormatException($"unknown result '{other}'"),
        null => throw new VectorFormatException("'result' is not text"),
    });

    /// <summary>A hex field of the test.</summary>
    public byte[] Hex(string name) => AeadCase.Hex(Test, name);

    /// <summary>A hex field of the test, as text.</summary>
    public string Text(string name) => Test.GetProperty(name).GetString()!;
}
