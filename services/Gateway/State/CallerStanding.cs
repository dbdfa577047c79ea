namespace ApiSvc.Gateway.State;

/// <summary>What the configuration says of a caller; it holds as long as these versions of its maps do.</summary>
/// <param name="Applications">Version of the map of applications.</param>
/// <param name="Subscriptions">Version of the map of subscriptions.</param>
/// <param name="Application">The caller's application; null where there is none.</param>
/// <param name="ApiId">The API that it called first since.</param>
/// <param name="OfApi">Its subscriptions to that API.</param>
internal sealed record CallerStanding(
    long Applications,
    long Subscriptions,
    ApplicationState? Application,
    Guid ApiId,
    SubscriptionState[] OfApi
);
