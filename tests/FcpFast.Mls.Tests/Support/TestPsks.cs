using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tests.Support;

/// <summary>External pre-shared keys by id.</summary>
internal sealed class TestPsks : IMlsPsks
{
    public Dictionary<string, SecretKey> Keys { get; } = [];

    public SecretKey? Find(ReadOnlySpan<byte> id) => Keys.GetValueOrDefault(Convert.ToHexString(id));
}
