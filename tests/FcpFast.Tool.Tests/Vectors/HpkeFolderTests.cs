using System;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Vectors;

/// <summary>The reader of RFC 9180's vectors notices one wrong digit in any field, and what is of another suite.</summary>
public sealed class HpkeFolderTests
{
    // RFC 9180, appendix A.2.1, with two of its encryptions and one export.
    private const string Setup = """
        [
          {
            "mode": 0,
            "kem_id": 32,
            "kdf_id": 1,
            "aead_id": 3,
            "info": "4f6465206f6e2061204772656369616e2055726e",
            "ikmR": "1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df",
            "ikmE": "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b",
            "skRm": "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
            "skEm": "f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600",
            "pkRm": "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a",
            "pkEm": "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
            "enc": "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
            "shared_secret": "0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7",
            "key": "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91",
            "base_nonce": "5c4d98150661b848853b547f",
            "exporter_secret": "a3b010d4994890e2c6968a36f64470d3c824c8f5029942feb11e7a74b2921922",
            "encryptions": [
              {
                "seq": 0,
                "aad": "436f756e742d30",
                "ct": "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
                "nonce": "5c4d98150661b848853b547f",
                "pt": "4265617574792069732074727574682c20747275746820626561757479"
              },
              {
                "seq": 256,
                "aad": "436f756e742d323536",
                "ct": "7a4a13e9ef23978e2c520fd4d2e757514ae160cd0cd05e556ef692370ca53076214c0c40d4c728d6ed9e727a5b",
                "nonce": "5c4d98150661b848853b557f",
                "pt": "4265617574792069732074727574682c20747275746820626561757479"
              }
            ],
            "exports": [
              {
                "exporter_context": "54657374436f6e74657874",
                "L": 32,
                "exported_value": "5acb09211139c43b3090489a9da433e8a30ee7188ba8b0a9a1ccf0c229283e53"
              }
            ]
          }
        ]
        """;

    [Fact]
    public async Task Check_TheExampleOfTheStandard_Passes()
    {
        ToolRun run = await CheckAsync(Setup);
        Assert.Equal((0, 9), (run.ExitCode, (int)run.Family("hpke")["passed"]!));
    }

    [Theory]
    [InlineData("skEm")]
    [InlineData("pkEm")]
    [InlineData("skRm")]
    [InlineData("pkRm")]
    [InlineData("ikmE")]
    [InlineData("ikmR")]
    [InlineData("enc")]
    [InlineData("shared_secret")]
    [InlineData("info")]
    [InlineData("key")]
    [InlineData("base_nonce")]
    [InlineData("exporter_secret")]
    [InlineData("aad")]
    [InlineData("ct")]
    [InlineData("nonce")]
    [InlineData("pt")]
    [InlineData("exported_value")]
    [InlineData("exporter_context")]
    public async Task Check_OneDigitOfAFieldChanged_Fails(string field)
    {
        int at = Setup.IndexOf($"\"{field}\": \"", StringComparison.Ordinal) + field.Length + 5;
        ToolRun run = await CheckAsync(string.Concat(Setup.AsSpan(0, at), Setup[at] == '7' ? "6" : "7", Setup.AsSpan(at + 1)));
        Assert.Equal(1, run.ExitCode);
        Assert.InRange((int)run.Family("hpke")["failed"]!, 1, 9);
        run.AssertNoStackTrace();
    }

    [Fact]
    public async Task Check_EncryptionsSaidToBeUnderAes_AreJudgedAndFail()
    {
        ToolRun run = await CheckAsync(Setup.Replace("\"aead_id\": 3", "\"aead_id\": 1", StringComparison.Ordinal));
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Family("hpke")["not_yet"]!.AsObject());
        Assert.Equal(5, (int)run.Family("hpke")["failed"]!); // key schedule, export, two encryptions, the exchange
        run.AssertNoStackTrace();
    }

    [Theory]
    [InlineData("\"kem_id\": 32", "\"kem_id\": 16")]
    [InlineData("\"kdf_id\": 1", "\"kdf_id\": 3")]
    [InlineData("\"aead_id\": 3", "\"aead_id\": 2")]
    [InlineData("\"mode\": 0", "\"mode\": 2")]
    public async Task Check_AnotherSuiteOrMode_IsNotJudged(string right, string wrong)
    {
        ToolRun run = await CheckAsync(Setup.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Equal(1, run.ExitCode);
        run.AssertNoStackTrace();
    }

    private static async Task<ToolRun> CheckAsync(string content)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("hpke/setup.json", content);
        return await ToolRun.CheckAsync(folder.Path);
    }
}
