namespace FcpFast.Doors;

/// <summary>What the system allows of the address of a Unix-domain socket.</summary>
/// <remarks>Source: unix(7): sun_path has 108 bytes, one of them the terminator.</remarks>
internal static class DoorAddress
{
    public const int PathBytesMax = 107;
}
