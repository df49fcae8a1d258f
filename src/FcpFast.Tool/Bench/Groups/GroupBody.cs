using System.Text.Json.Nodes;

namespace FcpFast.Tool.Bench.Groups;

/// <summary>One piece of work in a group of a given size; a pass is the whole of it.</summary>
internal sealed class GroupBody : BenchBody
{
    /// <summary>Members of the groups that are joined and followed.</summary>
    public const int MembersMany = 1000;

    /// <summary>Members of the group that a path is made for.</summary>
    public const int MembersOfPath = 128;

    private readonly BenchGroup _group;
    private readonly string _step;
    private readonly int _members;

    public GroupBody(string step, int members)
    {
        _step = step;
        _members = members;
        _group = new BenchGroup(members);
    }

    /// <summary>The size that the bounds are for.</summary>
    public static int MembersOf(string step) => step == Steps.MlsCommitPath ? MembersOfPath : MembersMany;

    /// <inheritdoc/>
    public override JsonObject? Details => new()
    {
        ["members"] = _members,
        ["kept_bytes_per_member"] = _step == Steps.MlsJoin ? _group.KeptBytes() / _members : null,
    };

    public override void Check() => Pass();

    public override void Pass()
    {
        switch (_step)
        {
            case Steps.MlsJoin:
                _group.Join();
                break;
            case Steps.MlsCommit:
                _group.FollowCommit();
                break;
            default:
                _group.MakeCommit();
                break;
        }
    }

    protected override void Release() => _group.Dispose();
}
