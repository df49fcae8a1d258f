using System;
using System.Numerics;

namespace FcpFast.Tool.Bench.Leaks;

/// <summary>Something whose time must not tell what secret it worked on: one operation and two classes of input.</summary>
/// <remarks>
/// Shape:   a pool of inputs a class, all of one length. Before each run one input of each class is read and one of the two put into the same
///          working memory, by the same instructions and addresses whatever the class, so that only the operation itself can make a difference.
/// Threads: one.
/// </remarks>
internal abstract class LeakSubject
{
    private readonly byte[][] _pools;
    private readonly byte[] _work;
    private readonly int _inputBytes;
    private int _next;

    /// <summary>Prepares the pools.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="inputBytes">Bytes of an input.</param>
    protected LeakSubject(string name, int inputBytes)
    {
        Name = name;
        _inputBytes = inputBytes;
        _work = new byte[(inputBytes + Vector<byte>.Count - 1) / Vector<byte>.Count * Vector<byte>.Count];
        _pools = [new byte[PoolSize * _work.Length], new byte[PoolSize * _work.Length]];
    }

    /// <summary>Inputs of a class.</summary>
    public const int PoolSize = 64;

    /// <summary>What is measured.</summary>
    public string Name { get; }

    /// <summary>True for a leak that was put there on purpose, and must be found.</summary>
    public virtual bool IsPlanted => false;

    /// <summary>The input of the run.</summary>
    protected Span<byte> Input => _work.AsSpan(0, _inputBytes);

    /// <summary>Fills the pools; to be called once before anything is measured.</summary>
    public void FillPools(Random random)
    {
        for (int i = 0; i < 2 * PoolSize; i++)
        {
            int inputClass = i / PoolSize;
            Fill(inputClass, _pools[inputClass].AsSpan(i % PoolSize * _work.Length, _inputBytes), random);
        }
    }

    /// <summary>Puts the next input of a class, 0 or 1, into the working memory.</summary>
    public void Load(int inputClass)
    {
        _next = (_next + 1) % PoolSize;
        var mask = new Vector<byte>(unchecked((byte)-inputClass));
        ReadOnlySpan<byte> zero = _pools[0].AsSpan(_next * _work.Length, _work.Length), one = _pools[1].AsSpan(_next * _work.Length, _work.Length);
        for (int i = 0; i < _work.Length; i += Vector<byte>.Count)
        {
            Vector.ConditionalSelect(mask, new Vector<byte>(one[i..]), new Vector<byte>(zero[i..])).CopyTo(_work, i);
        }
    }

    /// <summary>The operation, on <see cref="Input"/>.</summary>
    public abstract void Run();

    /// <summary>Makes an input of a class, 0 or 1.</summary>
    protected abstract void Fill(int inputClass, Span<byte> input, Random random);
}
