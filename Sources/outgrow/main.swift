print("outgrow")
