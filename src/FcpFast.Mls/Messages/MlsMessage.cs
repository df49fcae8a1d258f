using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>The envelope in which everything of MLS travels.</summary>
/// <remarks>Source: [RFC 9420 §6].</remarks>
internal sealed record MlsMessage(WireFormat Format, IMlsWritable Body) : IMlsStruct<MlsMessage>
{
    public static MlsMessage Of(PublicMessage message) => new(WireFormat.PublicMessage, message);

    public static MlsMessage Of(PrivateMessage message) => new(WireFormat.PrivateMessage, message);

    public static MlsMessage Of(Welcome message) => new(WireFormat.Welcome, message);

    public static MlsMessage Of(KeyPackage message) => new(WireFormat.KeyPackage, message);

    public static MlsMessage Read(ref MlsReader reader)
    {
        ProtocolVersions.Require(ref reader);
        var format = (WireFormat)reader.U16();
        switch (format)
        {
            case WireFormat.PublicMessage:
                return new MlsMessage(format, PublicMessage.Read(ref reader));
            case WireFormat.PrivateMessage:
                return new MlsMessage(format, PrivateMessage.Read(ref reader));
            case WireFormat.Welcome:
                return new MlsMessage(format, Welcome.Read(ref reader));
            case WireFormat.GroupInfo:
                return new MlsMessage(format, GroupInfo.Read(ref reader));
            case WireFormat.KeyPackage:
                return new MlsMessage(format, KeyPackage.Read(ref reader));
            default:
                reader.Break();
                return new MlsMessage(format, new RemoveProposal(0));
        }
    }

    public void Write(MlsWriter writer)
    {
        writer.U16(ProtocolVersions.Mls10);
        writer.U16((ushort)Format);
        Body.Write(writer);
    }
}
