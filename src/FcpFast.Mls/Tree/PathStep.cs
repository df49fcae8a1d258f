namespace FcpFast.Mls.Tree;

/// <summary>A node of a filtered direct path, and its child on the other side: those below it are told the node's secret.</summary>
internal readonly record struct PathStep(uint Node, uint CopathChild);
