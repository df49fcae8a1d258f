using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Store;

namespace FcpFast;

/// <summary>Which options a running endpoint can follow, and which it cannot.</summary>
public sealed partial record FcpEndpointOptions
{
    /// <summary>The options that differ and count only from the start of an endpoint on: all but peers and routes, and those of code.</summary>
    internal IReadOnlyList<string> FixedDifferences(FcpEndpointOptions other)
    {
        var differences = new List<string>();
        Compare(nameof(StateFolder), static one => one.StateFolder);
        if (!IsSame(StateKey, other.StateKey)) differences.Add(nameof(StateKey));
        Compare(nameof(IsArchive), static one => one.IsArchive);
        Compare(nameof(Listen), static one => one.Listen);
        Compare(nameof(AcceptsSessions), static one => one.AcceptsSessions);
        Compare(nameof(ReceiveInto), static one => one.ReceiveInto);
        Compare(nameof(ReceiveObjects), static one => one.ReceiveObjects);
        Compare(nameof(Overwrites), static one => one.Overwrites);
        Compare(nameof(FileBytesMax), static one => one.FileBytesMax);
        Compare(nameof(Offload), static one => one.Offload);
        Compare(nameof(Engine), static one => one.Engine);
        if (!Suites.SequenceEqual(other.Suites)) differences.Add(nameof(Suites));
        Compare(nameof(DatagramBytesMax), static one => one.DatagramBytesMax);
        Compare(nameof(WindowFrames), static one => one.WindowFrames);
        Compare(nameof(RelayedReplay), static one => one.RelayedReplay);
        Compare(nameof(ReplayMode), static one => one.ReplayMode);
        Compare(nameof(Witness), static one => one.Witness);
        Compare(nameof(HostGenerationFile), static one => one.HostGenerationFile);
        Compare(nameof(Shards), static one => one.Shards);
        Compare(nameof(AssemblyBytes), static one => one.AssemblyBytes);
        Compare(nameof(Source), static one => one.Source);
        Compare(nameof(SessionsMax), static one => one.SessionsMax);
        Compare(nameof(SubkeysMax), static one => one.SubkeysMax);
        Compare(nameof(SocketBufferBytes), static one => one.SocketBufferBytes);
        Compare(nameof(Admission), static one => one.Admission);
        Compare(nameof(RekeyAfter), static one => one.RekeyAfter);
        Compare(nameof(RelayBytesPerSecondMax), static one => one.RelayBytesPerSecondMax);
        return differences;

        void Compare<T>(string name, Func<FcpEndpointOptions, T> value)
        {
            if (!EqualityComparer<T>.Default.Equals(value(this), value(other))) differences.Add(name);
        }
    }

    /// <summary>Passphrases are compared by what they are: each reading of a file makes bytes of its own. Both are this process's, so nobody measures the time.</summary>
    private static bool IsSame(StoreKeySource one, StoreKeySource other) =>
        one is StoreKeySource.Passphrase first && other is StoreKeySource.Passphrase second ? first.Utf8.AsSpan().SequenceEqual(second.Utf8.AsSpan()) : one == other;
}
