using System.IO;
using System.Text;

namespace FcpFast.Doors;

/// <summary>Where the door of a state folder is, as far as the system can name it.</summary>
/// <remarks>Source: unix(7): sun_path has 108 bytes, one of them the terminator.</remarks>
internal static class DoorAddress
{
    private const int PathBytesMax = 107;

    /// <summary>The socket's whole path; false if it is too long for one.</summary>
    public static bool TryFind(string stateFolder, out string path)
    {
        path = Path.GetFullPath(FcpDoor.PathOf(stateFolder));
        return Encoding.UTF8.GetByteCount(path) <= PathBytesMax;
    }
}
