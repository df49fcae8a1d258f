using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tool.Bench;

/// <summary>Where symbols and MAC inputs lie when frames of one symbol stand side by side.</summary>
/// <remarks>Source: [WIRE §4.1], [WIRE §6].</remarks>
internal static class SlabLayout
{
    /// <summary>Bytes of a datagram with one symbol.</summary>
    public static int DatagramBytes(int symbolBytes) => DatagramLayout.HeaderBytes + FrameWriter.FrameBytes(1, symbolBytes);

    /// <summary>Plaintexts side by side, ciphertexts in their datagrams.</summary>
    public static AeadItem[] SealItems(int batch, int symbolBytes) =>
        [.. Enumerable.Range(0, batch).Select(i => new AeadItem(i * symbolBytes, SymbolOffset(i, symbolBytes)))];

    /// <summary>The other way round.</summary>
    public static AeadItem[] OpenItems(int batch, int symbolBytes) =>
        [.. Enumerable.Range(0, batch).Select(i => new AeadItem(SymbolOffset(i, symbolBytes), i * symbolBytes))];

    /// <summary>The MAC inputs of the datagrams.</summary>
    public static MacItem[] MacItems(int batch, int symbolBytes) =>
    [
        .. Enumerable.Range(0, batch).Select(i => new MacItem(
            (i * DatagramBytes(symbolBytes)) + DatagramLayout.MacInputOffset, DatagramBytes(symbolBytes) - DatagramLayout.MacInputOffset)),
    ];

    private static int SymbolOffset(int index, int symbolBytes) =>
        (index * DatagramBytes(symbolBytes)) + DatagramLayout.HeaderBytes + FcpsLayout.HeaderBytes + FcpsLayout.RecordHeadBytes;
}
