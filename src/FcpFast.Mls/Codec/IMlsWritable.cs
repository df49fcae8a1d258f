namespace FcpFast.Mls.Codec;

/// <summary>A structure that can be written.</summary>
internal interface IMlsWritable
{
    void Write(MlsWriter writer);
}
