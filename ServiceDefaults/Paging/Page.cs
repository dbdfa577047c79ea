namespace ApiSvc.ServiceDefaults.Paging;

/// <summary>One page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="NextCursor">Gives the next page as <c>?cursor=</c>; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
