namespace FcpFast.Protocol.Crypto;

/// <summary>Where one message of an <see cref="AeadBatch"/> lies.</summary>
/// <param name="InputOffset">First byte of the plaintext (seal) or of ciphertext and tag (open) in the batch's input.</param>
/// <param name="OutputOffset">First byte of ciphertext and tag (seal) or of the plaintext (open) in the batch's output.</param>
public readonly record struct AeadItem(int InputOffset, int OutputOffset);
