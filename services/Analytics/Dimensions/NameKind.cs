namespace ApiSvc.Analytics.Dimensions;

/// <summary>What a name is of; the numbers are stored.</summary>
internal enum NameKind : short
{
    Team = 1,
    Api = 2,
    Version = 3,
    Operation = 4,
    Application = 5,
    Subscription = 6,
    Plan = 7,
}
