namespace FcpFast.Crash;

/// <summary>What a campaign is to do.</summary>
internal sealed record CampaignPlan(string Tool, int Rounds, bool HasRelay, int Mebibytes, int Seed, bool Keeps, bool KeepsSessions = false);
