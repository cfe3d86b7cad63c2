// What the plugin adds to the two APIs. Amounts are decimal strings in the currency of the order; `price` is the same in the shop's own units.
import { parse } from 'graphql';

const COMMON = /* GraphQL */ `
  type LandedCostCharge {
    key: String!
    name: String!
    "duty, tax or fee"
    class: String!
    kind: String!
    amount: String!
    price: Money!
    "seller: at the sale. border: by customs, paid by the shop under ddp"
    collectedBy: String!
  }
  type LandedCostBounds {
    least: String!
    "Absent where no upper limit is known"
    most: String
  }
  type LandedCostMissing {
    "What is not known: code, origin, weight, region…"
    fact: String!
    orderLineId: ID
    question: String!
    "By how much knowing it narrows the range: the price of not knowing. It says nothing where range or onDelivery has no most: then the amount is not known without it"
    narrowsBy: String
    "That of the destination, which may be another than that of the order"
    narrowsCurrency: String!
  }
  type LandedCost {
    "ddp: duty paid at checkout. dap: on delivery. Absent while no delivery is chosen; the rest is then about ddp"
    terms: String
    "quoted, stale, offline, unavailable"
    state: String!
    outcome: String
    "The terms under which these goods may be sold now"
    offered: [String!]!
    "What is charged with the order"
    charges: [LandedCostCharge!]!
    "Their sum. Absent where it is not exact"
    total: String
    currencyCode: String!
    "The same from least to most, where it is a range"
    range: LandedCostBounds
    "What the buyer still pays on delivery. Absent where nothing is known"
    onDelivery: LandedCostBounds
    missing: [LandedCostMissing!]!
    "For the buyer, where what is due could not be said"
    notice: String
    messages: [String!]!
    warnings: [String!]!
    assumptions: [String!]!
    why: String
    date: String
    askedAt: String!
    "Tells this basket from others; of an order in several parcels one for each"
    fingerprint: String!
  }
  extend type Order {
    "Absent where nothing was asked: no address yet, or no border on the way"
    landedCost: LandedCost
  }
`;

export const SHOP_SCHEMA = parse(/* GraphQL */ `
  ${COMMON}
  extend type Mutation {
    "Computes the active order anew, with what is due: for the page where the buyer looks before paying"
    refreshLandedCost: Order
  }
`);

export const ADMIN_SCHEMA = parse(/* GraphQL */ `
  ${COMMON}
  extend type LandedCost {
    "The editions of law and tariff that it rests on, with their hashes"
    editions: JSON
    ratebook: String
    "SHA-256 of the whole quote of each parcel"
    quoteSha256: [String!]!
    "The question of each parcel"
    consignments: JSON
    "What came back since the sale"
    returned: JSON
    "Why: the rules that were followed, and the law behind them"
    reasons: [LandedCostReason!]!
  }
  type LandedCostReason {
    "Key of the charge"
    charge: String!
    name: String!
    "How it is computed: 21 %"
    rule: String
    "On what, as the engine writes it"
    baseRule: String
    "The same in words"
    base: String
    says: String
    sources: [LandedCostSource!]!
  }
  type LandedCostSource {
    statement: String!
    law: String
    publisher: String
    url: String
    date: String
  }
  type LandedCostSale {
    "Duty, tax and fees at checkout, duty paid"
    checkoutDdp: LandedCostBounds!
    "The same, duty unpaid"
    checkoutDap: LandedCostBounds!
    "What is then paid at the door"
    onDelivery: LandedCostBounds!
  }
  type LandedCostRegistration {
    "As in the option consignment.seller.registrations: eu.ioss"
    key: String!
    name: String!
    "Who must register"
    rule: String!
    isHeld: Boolean!
    with: LandedCostSale
    without: LandedCostSale
    "The difference in words"
    says: String!
  }
  type LandedCostSetup {
    to: String!
    toName: String!
    currencyCode: String!
    "The goods that were asked about"
    variantId: ID!
    sku: String!
    name: String!
    quantity: Int!
    "Where the shop sends from; absent where it does not say"
    from: String
    registrations: [LandedCostRegistration!]!
    outcome: String
    sale: LandedCostSale
    "What is not known, of the shop and of these goods, with the price of not knowing"
    missing: [LandedCostMissing!]!
    "What is wrong in the question: fields of the option consignment"
    problems: [String!]!
    messages: [String!]!
    warnings: [String!]!
    assumptions: [String!]!
  }
  type LandedCostRefund {
    charges: [LandedCostCharge!]!
    total: String!
    currencyCode: String!
    "What of it stays with the shop"
    left: String!
    "The day whose law holds: that of the sale"
    date: String
  }
  type GoodsCodeSuggestion {
    code: String!
    title: String!
    percent: Int!
  }
  type CheckedGoodsCode {
    code: String!
    "Absent where it could not be checked"
    isKnown: Boolean
    "What goods it is of, or why it is not known"
    says: String!
  }
  type VariantLackingCustomsData {
    variantId: ID!
    sku: String!
    name: String!
    "goodsCode, originCountry, weightGrams"
    lacks: [String!]!
    goodsCode: String
    originCountry: String
    weightGrams: Int
    "What is due for one piece, as far as it can be said"
    due: LandedCostBounds
    currencyCode: String!
    "The same in words: between 0 and 9.60 EUR is due"
    says: String!
    missing: [LandedCostMissing!]!
    suggestions: [GoodsCodeSuggestion!]!
  }
  type VariantsLackingCustomsData {
    items: [VariantLackingCustomsData!]!
    totalItems: Int!
  }
  input LandedCostReturnLine {
    orderLineId: ID!
    quantity: Int!
  }
  input LandedCostReturnInput {
    orderId: ID!
    lines: [LandedCostReturnLine!]!
    "Keys or classes of charges that do not go back, such as fee"
    keep: [String!]
  }
  input RefundLandedCostInput {
    orderId: ID!
    lines: [LandedCostReturnLine!]!
    keep: [String!]
    "The payment to pay back from; the first with enough left where absent"
    paymentId: ID
    reason: String
  }
  input ConfirmGoodsCodeInput {
    variantId: ID!
    goodsCode: String!
  }
  input SetCustomsDataInput {
    variantId: ID!
    goodsCode: String
    originCountry: String
    weightGrams: Int
    "A gift card, a download: nothing crosses a border"
    notShipped: Boolean
  }
  extend type Query {
    landedCost(orderId: ID!): LandedCost
    "What would go back with these goods. Nothing is done"
    landedCostRefund(input: LandedCostReturnInput!): LandedCostRefund!
    "Variants without goods code, origin or weight, and what not knowing costs for one piece to this destination"
    variantsLackingCustomsData(to: String!, skip: Int, take: Int): VariantsLackingCustomsData!
    "Whether goods codes exist, as far as the engine knows: by their first six digits"
    checkGoodsCodes(codes: [String!]!): [CheckedGoodsCode!]!
    "What the shop itself lacks for this destination: registrations and facts, and what each would change for some pieces of a variant"
    landedCostSetup(to: String!, variantId: ID, quantity: Int): LandedCostSetup!
  }
  extend type Mutation {
    "Pays back what of duty, tax and fees goes back with these goods, at the law of the sale"
    refundLandedCost(input: RefundLandedCostInput!): LandedCostRefund!
    "Asks the finder about variants without a code and keeps what it suggests; gives how many were asked about. No code is assigned"
    suggestGoodsCodes(take: Int): Int!
    "Assigns goods codes that a person confirmed; gives how many"
    confirmGoodsCodes(input: [ConfirmGoodsCodeInput!]!): Int!
    "Writes goods codes, origins and weights that a person entered; what is absent stays. Gives how many variants"
    setCustomsData(input: [SetCustomsDataInput!]!): Int!
  }
`);
