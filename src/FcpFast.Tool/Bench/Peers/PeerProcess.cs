using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace FcpFast.Tool.Bench.Peers;

/// <summary>Another implementation in a process of its own, which measures itself when it is asked to, in turns with the others.</summary>
/// <remarks>
/// <code>
/// PROGRAM serve                                       started so; then a line on stdin is answered by a line on stdout
/// engines                                             NAME NAME ...
/// about                                               words about its libraries
/// check ENGINE STEP PAYLOAD BATCH SUITE TRAFFIC       the digest in hex, or '-' without one; 'no' for what it does not take
/// run ENGINE STEP PAYLOAD BATCH SUITE TRAFFIC PASSES  the nanoseconds of these passes
/// anything else, or a fault                           'error' and words
/// </code>
/// Threads: one.
/// Source:  bench/README.md.
/// </remarks>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    private PeerProcess(string program, Process process)
    {
        Program = program;
        _process = process;
    }

    /// <summary>The program.</summary>
    public string Program { get; }

    /// <summary>Starts a peer.</summary>
    /// <remarks>Errors: <see cref="ToolException"/> if it cannot be started.</remarks>
    public static PeerProcess Start(string program)
    {
        try
        {
            var start = new ProcessStartInfo(program, ["serve"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
            return new PeerProcess(program, Process.Start(start)!);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw new ToolException($"cannot start the peer {program}: {e.Message}", "check the path; bench/README.md says what a peer is", e);
        }
    }

    /// <summary>Sends a line and returns the answer.</summary>
    /// <remarks>Errors: <see cref="ToolException"/> if the peer ends or reports a fault.</remarks>
    public string Ask(string line)
    {
        string? answer;
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
            answer = _process.StandardOutput.ReadLine();
        }
        catch (IOException)
        {
            answer = null; // it is gone
        }

        if (answer is not null && !answer.StartsWith("error", StringComparison.Ordinal)) return answer;
        throw new ToolException($"the peer {Program} answered '{line}' by {(answer is null ? "ending" : $"'{answer}'")}", "run it with 'serve' and type the line");
    }

    /// <summary>The peer's engines as contenders.</summary>
    public Contender[] Contenders() =>
        Array.ConvertAll(Ask("engines").Split(' ', StringSplitOptions.RemoveEmptyEntries), name => new Contender(name, subject =>
        {
            string digest = Ask($"check {name} {subject.Words}");
            return digest == "no" ? null : new Body(this, $"{name} {subject.Words}", digest);
        }));

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close(); // its sign to end
        }
        catch (IOException)
        {
            // it has ended already, with a line unread
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(5))) _process.Kill();
        _process.Dispose();
    }

    private sealed class Body(PeerProcess peer, string words, string digest) : BenchBody
    {
        public override string Digest => digest == "-" ? "" : digest;

        public override void Check() => Require(peer.Ask($"check {words}") == digest, "a peer gives the same result again");

        public override void Pass() => Sample(1);

        public override BenchSample Sample(int passes) =>
            new(double.Parse(peer.Ask(string.Create(CultureInfo.InvariantCulture, $"run {words} {passes}")), CultureInfo.InvariantCulture), 0);
    }
}
