using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>[OPERATING.md] <c>fcpfast owner freshness</c>: what an owner says of the age of its revocations is what its nodes show.</summary>
public sealed class FreshnessTests
{
    [Fact]
    public async Task Freshness_OfAnOwner_IsKeptByItsNodes()
    {
        using var folder = new TemporaryFolder();
        string passphrase = Path.Combine(folder.Path, "passphrase"), owner = Path.Combine(folder.Path, "owner"), node = Path.Combine(folder.Path, "node");
        string list = Path.Combine(folder.Path, "list.fcp");
        await File.WriteAllTextAsync(passphrase, "a passphrase of this test\n", TestContext.Current.CancellationToken);
        (await ToolRun.StartAsync("owner", "create", owner, "--name", "ann", "--passphrase-file", passphrase)).Ended(0);
        (await ToolRun.StartAsync("node", "create", node, "--name", "alice", "--owner", Path.Combine(owner, "owner.fcp"), "--request", Path.Combine(folder.Path, "r.fcp"))).Ended(0);
        (await Sign("--when-stale", "refuse")).Ended(3, "InvalidRevocation", "Remedy: with --when-stale refuse, name an age");
        (await Sign("--max-age", "2", "--when-stale", "refuse")).Ended(0);
        (await Sign()).Ended(0); // the policy stays
        (await ToolRun.StartAsync("node", "import", node, list)).Ended(0);
        JsonObject shown = (await ToolRun.StartAsync("node", "show", node, "--json")).Json;
        Assert.Equal((2, 7200, "refuse"), ((int)shown["revocation_serial"]!, (int)shown["revocations_max_age_secs"]!, (string)shown["revocations_when_stale"]!));
        (await Sign("--max-age", "0")).Ended(0);
        (await ToolRun.StartAsync("node", "import", node, list)).Ended(0);
        shown = (await ToolRun.StartAsync("node", "show", node, "--json")).Json;
        Assert.Equal((3, 0, "alarm"), ((int)shown["revocation_serial"]!, (int)shown["revocations_max_age_secs"]!, (string)shown["revocations_when_stale"]!));

        Task<ToolRun> Sign(params string[] limits) => ToolRun.StartAsync(["owner", "freshness", owner, .. limits, "--out", list, "--passphrase-file", passphrase]);
    }
}
