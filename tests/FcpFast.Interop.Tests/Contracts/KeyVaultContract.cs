using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Contracts;

/// <summary>What every vault does with the keys it is given.</summary>
/// <remarks>Source: [REPLAY §5.1].</remarks>
public abstract class KeyVaultContract
{
    private protected abstract IKeyVault Vault { get; }

    [Fact]
    public void Import_EveryLengthTo512_KeepsACopy()
    {
        var random = new Random(1);
        List<(SecretKey Key, byte[] Content)> keys = [];
        for (int length = 1; length <= 512; length++)
        {
            byte[] secret = random.Bytes(length);
            keys.Add((Vault.Import(secret), (byte[])secret.Clone()));
            Array.Clear(secret); // the caller erases its own copy
        }

        foreach ((SecretKey key, byte[] content) in keys)
        {
            Assert.Equal(content.Length, key.LengthBytes);
            using (KeyLease lease = key.Lease())
            {
                Assert.True(lease.IsLive);
                Assert.Equal(content, lease.Bytes.ToArray());
            }

            key.Dispose();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(513)]
    [InlineData(100_000)]
    public void Import_OtherLengths_IsTheCallersFault(int length) => Assert.Throws<ArgumentException>(() => Vault.Import(new byte[length]));

    [Fact]
    public void Lease_AfterDispose_IsNotLiveAndShowsNothing()
    {
        SecretKey key = Vault.Import([1, 2, 3]);
        key.Dispose();
        key.Dispose();
        using KeyLease lease = key.Lease();
        Assert.False(lease.IsLive);
        Assert.True(lease.Bytes.IsEmpty);
    }

    [Fact]
    public void Dispose_WhileLeased_KeepsTheBytesUntilTheLastReturn()
    {
        byte[] secret = new Random(2).Bytes(32);
        SecretKey key = Vault.Import(secret);
        KeyLease first = key.Lease(), second = key.Lease();
        key.Dispose();
        Assert.Equal(secret, first.Bytes.ToArray());
        Assert.False(key.Lease().IsLive); // no new ones
        first.Dispose();
        Assert.Equal(secret, second.Bytes.ToArray());
        Assert.False(key.Lease().IsLive);
        second.Dispose();
        Assert.False(key.Lease().IsLive);
    }

    [Fact]
    public void Lease_ReturnedTwice_StopsAndTheKeyCanStillBeErased()
    {
        SecretKey key = Vault.Import([1, 2, 3]);
        KeyLease lease = key.Lease();
        lease.Dispose();
        Assert.True(StopsOn(lease));
        using (KeyLease next = key.Lease()) Assert.Equal([1, 2, 3], next.Bytes.ToArray()); // the count is as it was
        key.Dispose();
        Assert.True(StopsOn(lease));
        Assert.False(key.Lease().IsLive); // and an erased key stays erased
        Assert.False(key.Lease().IsLive);
    }

    [Fact]
    public void Default_Lease_IsNotLiveAndMayBeDisposed()
    {
        KeyLease lease = default;
        Assert.False(lease.IsLive);
        lease.Dispose();
    }

    [Fact]
    public void LeaseAndDispose_FromEightThreads_ShowOnlyWholeKeysOfTheirOwn()
    {
        const int Keys = 400, Threads = 8;
        var keys = new SecretKey[Keys];
        var disposed = new bool[Keys];
        for (int i = 0; i < Keys; i++) keys[i] = Vault.Import(Pattern(i));
        var faults = new List<string>();
        using var start = new Barrier(Threads);
        Thread[] threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            var random = new Random(thread);
            start.SignalAndWait();
            for (int step = 0; step < 20_000; step++)
            {
                int i = random.Next(Keys);
                if (random.Next(10) == 0)
                {
                    keys[i].Dispose();
                    Volatile.Write(ref disposed[i], true);
                    Vault.Import(Pattern(Keys + i)).Dispose(); // takes the slot that became free, if one did
                    continue;
                }

                bool wasDisposed = Volatile.Read(ref disposed[i]);
                using KeyLease lease = keys[i].Lease();
                string? fault = wasDisposed && lease.IsLive ? "a lease after the disposal"
                    : lease.IsLive && !lease.Bytes.SequenceEqual(Pattern(i)) ? "bytes that are not the key's" : null;
                if (fault is null) continue;
                lock (faults) faults.Add($"{fault}: thread {thread}, step {step}, key {i}");
            }
        })).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.Empty(faults);
        Array.ForEach(keys, static key => key.Dispose());
    }

    private static bool StopsOn(KeyLease lease)
    {
        try
        {
            lease.Dispose();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static byte[] Pattern(int number) => Enumerable.Repeat(BitConverter.GetBytes(number + 1), 8).SelectMany(static bytes => bytes).ToArray();
}
