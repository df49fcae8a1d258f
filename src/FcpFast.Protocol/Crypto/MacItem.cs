namespace FcpFast.Protocol.Crypto;

/// <summary>Where one message of a MAC batch lies.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Bytes">Its length.</param>
public readonly record struct MacItem(int Offset, int Bytes);
