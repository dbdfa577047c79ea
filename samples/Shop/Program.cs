using ApiSvc.Shop;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddSingleton<OrderBook>();
builder.Services.AddProblemDetails();

var app = builder.Build();
app.MapGet("/healthz", () => Results.Ok());
app.MapOrders();
app.Run();
