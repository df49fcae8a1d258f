using System.Threading;
using System.Threading.Tasks;

namespace FcpFast.Bench.Load.Comparisons;

/// <summary>iperf3 over UDP on loopback: datagrams of 1200 bytes as fast as it can, without any cryptography.</summary>
internal sealed class IperfUdp : IComparison
{
    private const int Port = 52_011;

    public string Name => "iperf3-udp";

    public string About => "iperf3 UDP over loopback, 1200-byte datagrams, no rate limit, what arrived; no cryptography, no offload";

    public string? Missing() => Commands.Missing(Iperf.Program).Length == 0 ? null : "iperf3 is not installed (Debian: apt-get install iperf3)";

    public Task<double> RunAsync(double seconds, CancellationToken cancellation) =>
        Iperf.RunAsync(null, "127.0.0.1", Port, seconds, ["-u", "-b", "0", "-l", "1200"], cancellation);
}
