using System;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Contracts;

/// <summary>A batch whose items lie in random order with gaps of canary bytes between them, and what sealing it must give.</summary>
internal sealed class AeadBatchSample
{
    private const byte Canary = 0xc5;

    private readonly AeadAlgorithm _algorithm;
    private readonly int _messageBytes;
    private readonly int _associatedBytes;
    private readonly int[] _places;
    private readonly byte[] _nonces;
    private readonly byte[] _associated;

    public AeadBatchSample(Random random, AeadAlgorithm algorithm, int items, int messageBytes, int associatedBytes)
    {
        _algorithm = algorithm;
        _messageBytes = messageBytes;
        _associatedBytes = associatedBytes;
        Key = random.Bytes(32);
        _nonces = random.Bytes(items * CryptoSizes.NonceBytes(algorithm));
        _associated = random.Bytes(items * associatedBytes);
        _places = new int[items];
        int at = random.Next(40);
        foreach (int item in Enumerable.Range(0, items).OrderBy(_ => random.Next()).ToArray())
        {
            _places[item] = at;
            at += messageBytes + CryptoSizes.TagBytes + random.Next(40);
        }

        Plain = Enumerable.Repeat(Canary, at + 8).ToArray();
        Sealed = Canvas();
        for (int item = 0; item < items; item++)
        {
            byte[] plaintext = random.Bytes(messageBytes);
            plaintext.CopyTo(Plain, _places[item]);
            ChaChaPolyReference.Seal(Key, NonceOf(item), AssociatedOf(item), plaintext).CopyTo(Sealed, _places[item]);
        }
    }

    public byte[] Key { get; }

    /// <summary>The memory before sealing; tags have room.</summary>
    public byte[] Plain { get; }

    /// <summary>The memory after sealing.</summary>
    public byte[] Sealed { get; }

    public int PlaceOf(int item) => _places[item];

    public byte[] PlaintextOf(int item) => Plain[_places[item]..(_places[item] + _messageBytes)];

    /// <summary>Memory of canaries, as long as the others.</summary>
    public byte[] Canvas() => Enumerable.Repeat(Canary, Plain.Length).ToArray();

    /// <summary>What opening leaves of a canvas: plaintexts, zeroes where an item was refused, canaries between.</summary>
    public byte[] Opened(Func<int, bool> accepted)
    {
        byte[] memory = Canvas();
        for (int item = 0; item < _places.Length; item++)
        {
            if (accepted(item)) PlaintextOf(item).CopyTo(memory, _places[item]);
            else Array.Clear(memory, _places[item], _messageBytes);
        }

        return memory;
    }

    /// <summary>Flips one bit of an item's ciphertext or tag.</summary>
    public void Forge(Random random, int item, byte[] memory) =>
        memory[_places[item] + random.Next(_messageBytes + CryptoSizes.TagBytes)] ^= (byte)(1 << random.Next(8));

    public AeadBatch Sealing(byte[] input, byte[] output) => Batch(input, output, sealing: true);

    public AeadBatch Opening(byte[] input, byte[] output) => Batch(input, output, sealing: false);

    private AeadBatch Batch(byte[] input, byte[] output, bool sealing) => new(
        _algorithm, input, output, _places.Select(static place => new AeadItem(place, place)).ToArray(), _messageBytes, _nonces, _associated,
        _associatedBytes, sealing);

    private byte[] NonceOf(int item)
    {
        int bytes = CryptoSizes.NonceBytes(_algorithm);
        return _nonces[(item * bytes)..((item + 1) * bytes)];
    }

    private byte[] AssociatedOf(int item) => _associated[(item * _associatedBytes)..((item + 1) * _associatedBytes)];
}
