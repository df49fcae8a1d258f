using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Bench.Leaks;

/// <summary>How many messages a subject works on, and how long they are.</summary>
internal sealed record AeadShape(int Messages, int MessageBytes)
{
    /// <summary>A batch that no width divides, so that whole passes and remainders are both in it: the kernels across messages.</summary>
    public static AeadShape Batch { get; } = new(19, 256);

    /// <summary>One message of whole passes, a partial one and a partial block: the kernels inside a message.</summary>
    public static AeadShape Single { get; } = new(1, 2150);

    /// <summary>Bytes of all messages with their tags.</summary>
    public int SlabBytes => Messages * (MessageBytes + CryptoSizes.TagBytes);

    /// <summary>The messages, side by side.</summary>
    public AeadItem[] Items()
    {
        var items = new AeadItem[Messages];
        for (int i = 0; i < items.Length; i++) items[i] = new AeadItem(i * (MessageBytes + CryptoSizes.TagBytes), i * (MessageBytes + CryptoSizes.TagBytes));
        return items;
    }
}
