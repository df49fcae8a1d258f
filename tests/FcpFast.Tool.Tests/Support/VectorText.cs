namespace FcpFast.Tool.Tests.Support;

/// <summary>Small vector files.</summary>
internal static class VectorText
{
    /// <summary>A right case: epoch 1 starts at 300 seconds.</summary>
    public static string Epoch(string op = "epoch_number", string family = "epochs", string expected = """{"epoch":"1"}""") =>
        Case(family, op, """{"timestamp":"300"}""", expected);

    public static string Case(string family, string op, string inputs, string expected) =>
        $$"""{"family":"{{family}}","name":"the case of {{op}}","op":"{{op}}","inputs":{{inputs}},"expected":{{expected}}}""";

    public static string File(params string[] cases) => $$"""{"family":"any","origin":"ours","cases":[{{string.Join(",", cases)}}]}""";
}
