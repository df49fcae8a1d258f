namespace FcpFast.Mls.Codec;

/// <summary>A structure that can be written and read. What a broken reader gives is never used: the caller asks for its status first.</summary>
internal interface IMlsStruct<TSelf> : IMlsWritable
    where TSelf : IMlsStruct<TSelf>
{
    static abstract TSelf Read(ref MlsReader reader);
}
