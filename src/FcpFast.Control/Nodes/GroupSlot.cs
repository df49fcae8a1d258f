using System;
using System.Security.Cryptography;
using FcpFast.Mls;

namespace FcpFast.Control.Nodes;

/// <summary>Holds what a group wants stored until it goes into the store, in one change with the manifest and the keys that belong to it.</summary>
/// <remarks>
/// Shape:  what the group has written here counts only once the change is committed; if that fails, the group is read anew from the store.
///         Pinned, so that erasing it erases the only copy.
/// Source: [WIRE §14].
/// </remarks>
internal sealed class GroupSlot : IMlsGroupStore
{
    private byte[]? _record;

    /// <summary>What is to be stored: empty to erase; null if nothing changes.</summary>
    public ReadOnlyMemory<byte>? Pending => _record is { } record ? new ReadOnlyMemory<byte>(record) : default(ReadOnlyMemory<byte>?); // a bare null would become an empty record, which erases

    public bool Write(ReadOnlySpan<byte> record)
    {
        Clear();
        _record = GC.AllocateUninitializedArray<byte>(record.Length, pinned: true);
        record.CopyTo(_record);
        return true;
    }

    /// <summary>Erases what was stored, or is not to be.</summary>
    public void Clear()
    {
        if (_record is not null) CryptographicOperations.ZeroMemory(_record);
        _record = null;
    }
}
