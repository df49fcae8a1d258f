namespace FcpFast.Mls.Messages;

/// <summary>A node of the ratchet tree that is not blank: <see cref="LeafNode"/> or <see cref="ParentNode"/>. Immutable, so that trees can share them.</summary>
internal abstract record TreeNode(byte[] EncryptionKey);
