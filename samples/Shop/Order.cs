namespace ApiSvc.Shop;

/// <summary>An order of a customer.</summary>
/// <param name="Id">Counts from 1.</param>
/// <param name="Customer">Who ordered.</param>
/// <param name="Lines">What.</param>
internal sealed record Order(int Id, string Customer, IReadOnlyList<OrderLine> Lines);

/// <param name="Article">What is ordered.</param>
/// <param name="Quantity">How many, at least 1.</param>
internal sealed record OrderLine(string Article, int Quantity);

/// <summary>What a customer sends.</summary>
internal sealed record NewOrder(string Customer, IReadOnlyList<OrderLine> Lines);
