using System.CommandLine;
using FcpFast.Control.Profiles;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Verbs.Control;

/// <summary>The options by which a zone's demands are given.</summary>
/// <remarks>Source: [WIRE §14].</remarks>
internal sealed class ProfileOptions
{
    private readonly Option<int> _minSuite = new("--min-suite")
    {
        Description = "Refuse frames on sessions with a weaker MAC: 1 (HMAC-SHA-256) or 2 (keyed BLAKE3).",
        HelpName = "1|2",
        CustomParser = static result =>
        {
            if (result.Tokens[0].Value is "1" or "2") return result.Tokens[0].Value[0] - '0';
            result.AddError($"'{result.Tokens[0].Value}' is no suite; there are 1 and 2.");
            return 0;
        },
    };

    private readonly Option<int> _maxAge = EndpointArguments.Number(
        "--max-age", "SECONDS", "Alarm when a key is older.", (int)SecurityTerms.EpochSecondsMin, (int)SecurityTerms.EpochSecondsMax);

    /// <summary>The terms of an MLS zone.</summary>
    public SecurityTerms ReadMls(ParseResult parsed, bool requiresPcs) =>
        (Read(parsed, false) ?? SecurityTerms.Default) with { KeyMode = KeyMode.MlsTreeKem, RequirePcs = requiresPcs };

    /// <summary>The terms of an MLS zone from now on: as they were, but for what is given.</summary>
    public SecurityTerms ReadMls(ParseResult parsed, SecurityTerms before)
    {
        int suite = parsed.GetValue(_minSuite), age = parsed.GetValue(_maxAge);
        return before with { MinSuite = suite == 0 ? before.MinSuite : (MacSuite)suite, MaxEpochSeconds = age == 0 ? before.MaxEpochSeconds : (ulong)age };
    }

    public Option[] All => [_minSuite, _maxAge];

    /// <summary>The terms; null if none were given and the ratchet is not demanded.</summary>
    public SecurityTerms? Read(ParseResult parsed, bool requiresRatchet)
    {
        int suite = parsed.GetValue(_minSuite), age = parsed.GetValue(_maxAge);
        if (suite == 0 && age == 0 && !requiresRatchet) return null;
        SecurityTerms terms = SecurityTerms.Default with { RequireRatchet = requiresRatchet };
        if (suite != 0) terms = terms with { MinSuite = (MacSuite)suite };
        return age == 0 ? terms : terms with { MaxEpochSeconds = (ulong)age };
    }
}
