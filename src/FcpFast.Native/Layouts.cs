using System.Runtime.InteropServices;

namespace FcpFast.Native;

/// <summary><c>fcp_batch</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct BatchLayout
{
    public readonly nint Nonces;
    public readonly nint Associated;
    public readonly nint Input;
    public readonly nint Output;
    public readonly nuint AssociatedBytes;
    public readonly nuint MessageBytes;
    public readonly nuint InputStride;
    public readonly nuint OutputStride;
    public readonly nuint Count;
}

/// <summary><c>fcp_peer</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct PeerLayout
{
    public readonly nint Node;
    public readonly nint Address;
}

/// <summary><c>fcp_endpoint_options</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct EndpointOptionsLayout
{
    public readonly nuint StructBytes;
    public readonly nint StateFolder;
    public readonly nint Listen;
    public readonly nint Peers;
    public readonly nuint PeerCount;
    public readonly nint ReceiveInto;
    public readonly ulong ObjectBytesMax;
    public readonly ulong ObjectMemoryBytesMax;
    public readonly uint Profile;
    public readonly uint AcceptsSessions;
}
