namespace FcpFast.Interop.Linux;

/// <summary>How a call ended and how far it came.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Count">Bytes that were sent, or slabs that were filled.</param>
/// <param name="Errno">The system's error number, 0 if there is none.</param>
public readonly record struct UdpResult(UdpStatus Status, int Count, int Errno);
