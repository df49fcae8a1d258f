using System;
using System.Collections.Generic;
using System.Globalization;

namespace FcpFast.Mls.Tests.Support;

/// <summary>Changes of single bytes of a message, at every place: one drawn change a byte, or as many as FCPFAST_MLS_CHANGES says, up to all 255.</summary>
/// <remarks>Shape: of <paramref name="parts"/> workers this is number <paramref name="part"/>, and takes every so manieth place.</remarks>
internal sealed class ByteChanges(int seed, int part = 0, int parts = 1)
{
    private const int All = 255;

    /// <summary>Changes at each place.</summary>
    public static readonly int PerByte =
        int.TryParse(Environment.GetEnvironmentVariable("FCPFAST_MLS_CHANGES"), CultureInfo.InvariantCulture, out int changes) ? Math.Clamp(changes, 1, All) : 1;

    private readonly Random _random = new(seed);
    private readonly byte[] _masks = NewMasks();

    /// <summary>How many were made.</summary>
    public long Count { get; private set; }

    /// <summary>The changed messages, one after the other in the same memory.</summary>
    /// <param name="message">The right one.</param>
    public IEnumerable<(string What, byte[] Bytes)> Of(byte[] message)
    {
        byte[] changed = (byte[])message.Clone();
        for (int at = part; at < changed.Length; at += parts)
        {
            _random.Shuffle(_masks);
            for (int i = 0; i < PerByte; i++, Count++)
            {
                changed[at] ^= _masks[i];
                yield return ($"byte {at} changed by {_masks[i]:x2}", changed);
                changed[at] ^= _masks[i];
            }
        }
    }

    private static byte[] NewMasks()
    {
        byte[] masks = new byte[All];
        for (int i = 0; i < masks.Length; i++) masks[i] = (byte)(i + 1);
        return masks;
    }
}
