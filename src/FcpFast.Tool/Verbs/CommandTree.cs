using System.CommandLine;
using System.CommandLine.Help;
using FcpFast.Tool.Verbs.Control;
using FcpFast.Tool.Verbs.Gateway;

namespace FcpFast.Tool.Verbs;

/// <summary>Every verb of the command.</summary>
internal static class CommandTree
{
    /// <summary>Reads a command line.</summary>
    public static ParseResult Parse(string[] args) => Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // @name is a file's name

    private static Command Create() =>
        new( // not a RootCommand: that would call itself by the assembly's name
            "fcpfast",
            """
            FcpFast: the data plane of the Flywheel Connector Protocol, edition 2.

              Exit codes: 0 done, 1 a check failed, 2 wrong usage, 3 it could not be done (reason and remedy are on stderr),
              4 a gateway was ended at once by a second signal.
            """)
        {
            new HelpOption(), new VersionOption(), DemoVerb.Create(), BenchVerb.Create(), SendVerb.Create(), ReceiveVerb.Create(), RelayVerb.Create(), GatewayVerb.Create(), StatusVerb.Create(),
            TopVerb.Create(), OwnerVerbs.Create(), NodeVerbs.Create(), ZoneVerbs.Create(), ManifestVerbs.Create(), VectorsVerb.Create(),
        };
}
