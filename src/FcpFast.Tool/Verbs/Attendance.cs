using System;
using System.IO;
using System.Threading;

namespace FcpFast.Tool.Verbs;

/// <summary>The other program that attends this one: its end, or that of its patience, is the end of stdin.</summary>
internal sealed class Attendance : IDisposable
{
    private readonly CancellationTokenSource _source;

    private Attendance(CancellationTokenSource source) => _source = source;

    /// <summary>Cancelled by an interruption, and by the end of stdin if another program attends.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Watches stdin if another program attends.</summary>
    public static Attendance Watch(bool isAttended, CancellationToken interruption)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(interruption);
        if (isAttended) new Thread(() => AwaitEnd(source)) { Name = "fcpfast stdin", IsBackground = true }.Start();
        return new Attendance(source);
    }

    public void Dispose() => _source.Dispose();

    private static void AwaitEnd(CancellationTokenSource source)
    {
        try
        {
            using Stream input = Console.OpenStandardInput();
            Span<byte> passedOver = stackalloc byte[256];
            while (input.Read(passedOver) > 0)
            {
                // nothing is said on stdin; only its end counts
            }

            source.Cancel();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // closed in another way, or the run has ended meanwhile
        }
    }
}
